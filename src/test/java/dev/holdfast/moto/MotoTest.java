package dev.holdfast.moto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import dev.holdfast.aws.Clients;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.ec2.ElasticIpKind;
import dev.holdfast.kinds.ec2.InternetGatewayKind;
import dev.holdfast.kinds.ec2.NatGatewayKind;
import dev.holdfast.kinds.ec2.RouteTableKind;
import dev.holdfast.kinds.ec2.SecurityGroupKind;
import dev.holdfast.kinds.ec2.SubnetKind;
import dev.holdfast.kinds.ec2.VpcKind;
import dev.holdfast.kinds.ecr.RepositoryKind;
import dev.holdfast.kinds.elbv2.ListenerKind;
import dev.holdfast.kinds.elbv2.ListenerRuleKind;
import dev.holdfast.kinds.elbv2.LoadBalancerKind;
import dev.holdfast.kinds.elbv2.TargetGroupKind;
import dev.holdfast.kinds.iam.RoleKind;
import dev.holdfast.kinds.logs.LogGroupKind;
import dev.holdfast.kinds.s3.BucketKind;
import dev.holdfast.kinds.secretsmanager.SecretKind;
import dev.holdfast.kinds.sns.TopicKind;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Phase;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests kinds against moto, an AWS emulator that this project did not write: each kind behaves as with the twin. The
 * tests are skipped if {@code moto_server} is not installed ({@code pip install 'moto[server]'}), but not in CI.
 */
class MotoTest {
    private static final String NAME = "test-it-0a1b2c3d";

    private static @Nullable Moto moto;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        moto = Moto.start(Programs.onPath("moto_server"));
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
    }

    static Stream<MotoCase> cases() {
        String trust =
                "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}]}";
        String allow = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'s3:%s','Resource':'*'}]}";
        String deny = "{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Principal':'*','Action':'s3:%s',"
                + "'Resource':'arn:aws:s3:::" + NAME + "/*'}]}";
        return Stream.of(
                MotoCase.of(
                        new VpcKind(),
                        null,
                        "{'cidrBlock':'10.9.0.0/16','enableDnsSupport':true,'enableDnsHostnames':true}",
                        "{'enableDnsHostnames':false}",
                        "{'enableDnsHostnames':false,'enableDnsSupport':false}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new SubnetKind(),
                        null,
                        "{'vpcId':'{vpc}','cidrBlock':'10.0.9.0/24','availabilityZone':'eu-west-2a','mapPublicIpOnLaunch':false}",
                        "{'mapPublicIpOnLaunch':true}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(new InternetGatewayKind(), null, "{'vpcId':'{lonely}'}", "{'tags':{'Name':'other'}}"),
                MotoCase.of(new ElasticIpKind(), null, "{}", "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new NatGatewayKind(),
                        null,
                        "{'subnetId':'{a}','allocationId':'{address}'}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new SecurityGroupKind(),
                        NAME,
                        "{'groupName':'" + NAME + "','description':'d','vpcId':'{vpc}',"
                                + "'ingress':[{'protocol':'tcp','fromPort':80,'toPort':80,'cidrIpv4':'0.0.0.0/0','description':'web'}],"
                                + "'egress':[]}",
                        "{'ingress':[{'protocol':'tcp','fromPort':80,'toPort':80,'cidrIpv4':'0.0.0.0/0','description':'other'}]}",
                        "{'ingress':[{'protocol':'tcp','fromPort':443,'toPort':443,'securityGroup':'{one}'}]}",
                        "{'ingress':[]}",
                        "{'egress':[{'protocol':'-1','cidrIpv4':'0.0.0.0/0'}]}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new RouteTableKind(),
                        null,
                        "{'vpcId':'{vpc}','routes':[{'destinationCidrBlock':'0.0.0.0/0','gatewayId':'{gateway}'}],"
                                + "'associations':[{'subnetId':'{a}'}]}",
                        "{'routes':[]}",
                        "{'associations':[{'subnetId':'{b}'}]}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new LoadBalancerKind(),
                        NAME,
                        "{'name':'" + NAME
                                + "','type':'application','scheme':'internal','vpcId':'{vpc}','subnets':['{a}','{b}'],'securityGroups':['{one}'],"
                                + "'loadBalancerAttributes':{'idle_timeout.timeout_seconds':'60'}}",
                        "{'loadBalancerAttributes':{'idle_timeout.timeout_seconds':'90'}}",
                        "{'securityGroups':['{one}','{two}']}",
                        "{'subnets':['{a}','{b}','{c}']}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new TargetGroupKind(),
                        NAME,
                        "{'name':'" + NAME
                                + "','protocol':'HTTP','port':8080,'vpcId':'{vpc}','targetType':'ip','healthCheckPath':'/health',"
                                + "'healthCheckProtocol':'HTTP','healthCheckPort':'traffic-port','healthCheckIntervalSeconds':15,'healthCheckTimeoutSeconds':5,'healthyThresholdCount':2,"
                                + "'unhealthyThresholdCount':3,'matcher':{'httpCode':'200'},"
                                + "'targetGroupAttributes':{'deregistration_delay.timeout_seconds':'30'}}",
                        "{'healthCheckPath':'/'}",
                        "{'healthCheckPort':'9000'}",
                        "{'healthCheckIntervalSeconds':20}",
                        "{'healthCheckTimeoutSeconds':6}",
                        "{'healthyThresholdCount':4}",
                        "{'unhealthyThresholdCount':5}",
                        "{'matcher':{'httpCode':'200-299'}}",
                        "{'targetGroupAttributes':{'deregistration_delay.timeout_seconds':'10'}}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new ListenerKind(),
                        null,
                        "{'loadBalancerArn':'{balancer}','port':8080,'protocol':'HTTP','defaultActions':[{'type':'forward','targetGroupArn':'{red}'}]}",
                        "{'defaultActions':[{'type':'forward','targetGroupArn':'{blue}'}]}",
                        "{'defaultActions':[{'type':'fixed-response','fixedResponseConfig':{'statusCode':'404','contentType':'text/plain','messageBody':'no'}}]}",
                        "{'defaultActions':[{'type':'redirect','redirectConfig':{'protocol':'HTTPS','port':'443','statusCode':'HTTP_301'}}]}",
                        "{'port':8081}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new ListenerRuleKind(),
                        null,
                        "{'listenerArn':'{listener}','priority':10,'conditions':[{'field':'path-pattern','pathPatternConfig':{'values':['/a/*']}}],"
                                + "'actions':[{'type':'forward','targetGroupArn':'{red}'}]}",
                        "{'conditions':[{'field':'host-header','hostHeaderConfig':{'values':['a.example']}}]}",
                        "{'actions':[{'type':'forward','targetGroupArn':'{blue}'}]}",
                        "{'priority':20}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new RoleKind(),
                        NAME,
                        "{'roleName':'" + NAME + "','assumeRolePolicyDocument':" + trust
                                + ",'description':'d','maxSessionDuration':3600,'permissionsBoundary':'','managedPolicyArns':[],'policies':[{'policyName':'p','policyDocument':"
                                + allow.formatted("Get*") + "}]}",
                        "{'description':'other'}",
                        "{'maxSessionDuration':7200}",
                        "{'assumeRolePolicyDocument':" + trust.replace("ecs-tasks", "lambda") + "}",
                        "{'managedPolicyArns':['{policy}']}",
                        "{'policies':[]}",
                        "{'policies':[{'policyName':'p','policyDocument':" + allow.formatted("Put*") + "}]}",
                        "{'permissionsBoundary':'{policy}'}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new BucketKind(),
                        NAME,
                        "{'bucketName':'" + NAME
                                + "','publicAccessBlock':{'blockPublicAcls':true,'ignorePublicAcls':true,'blockPublicPolicy':true,'restrictPublicBuckets':true},"
                                + "'ownershipControls':{'rules':[{'objectOwnership':'BucketOwnerEnforced'}]},"
                                + "'versioning':'Enabled','corsConfiguration':{'corsRules':[{'allowedOrigins':['*'],'allowedMethods':['GET']}]},"
                                + "'lifecycleConfiguration':{'rules':[{'id':'a','noncurrentVersionExpiration':{'noncurrentDays':30}}]},'policy':"
                                + deny.formatted("PutObject") + "}",
                        "{'publicAccessBlock':{'blockPublicAcls':false,'ignorePublicAcls':true,'blockPublicPolicy':true,'restrictPublicBuckets':true}}",
                        "{'ownershipControls':{'rules':[{'objectOwnership':'ObjectWriter'}]}}",
                        "{'versioning':'Suspended'}",
                        "{'corsConfiguration':{'corsRules':[]}}",
                        "{'lifecycleConfiguration':{'rules':[]}}",
                        "{'policy':" + deny.formatted("GetObject") + "}",
                        "{'policy':{}}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new SecretKind(),
                        "Dev/App/" + NAME,
                        "{'name':'Dev/App/" + NAME
                                + "','description':'d','generateSecretString':{'passwordLength':20},'resourcePolicy':{}}",
                        "{'description':'other'}",
                        "{'resourcePolicy':{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Principal':'*','Action':'secretsmanager:DeleteSecret','Resource':'*'}]}}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new LogGroupKind(),
                        "/app/" + NAME,
                        "{'logGroupName':'/app/" + NAME + "','retentionInDays':7}",
                        "{'retentionInDays':30}",
                        "{'retentionInDays':0}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new TopicKind(),
                        NAME,
                        "{'topicName':'" + NAME + "','displayName':'d','subscriptions':[]}",
                        "{'displayName':'other'}",
                        "{'subscriptions':[{'protocol':'sqs','endpoint':'arn:aws:sqs:eu-west-2:123456789012:q'}]}",
                        "{'tags':{'Name':'other'}}"),
                MotoCase.of(
                        new RepositoryKind(),
                        "app/" + NAME,
                        "{'repositoryName':'app/" + NAME
                                + "','imageTagMutability':'MUTABLE','imageScanningConfiguration':{'scanOnPush':true},'lifecyclePolicy':{},'repositoryPolicy':{}}",
                        "{'imageTagMutability':'IMMUTABLE'}",
                        "{'imageScanningConfiguration':{'scanOnPush':false}}",
                        "{'lifecyclePolicy':{'rules':[{'rulePriority':1,'selection':{'tagStatus':'any','countType':'imageCountMoreThan','countNumber':3},'action':{'type':'expire'}}]}}",
                        "{'repositoryPolicy':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:root'},'Action':'ecr:BatchGetImage'}]}}",
                        "{'tags':{'Name':'other'}}"));
    }

    /** This test needs no moto: every field of a kind is in its case or in MotoLosses. */
    @ParameterizedTest
    @MethodSource("cases")
    void asksForEveryField(MotoCase witness) {
        String asked = witness.spec() + witness.changes();

        assertThat(SpecModel.of(witness.kind().info().spec()).fields().stream()
                        .map(SpecModel.Field::name)
                        .filter(f -> !asked.contains("'" + f + "':"))
                        .map(f -> witness + "." + f)
                        .filter(f -> !MotoLosses.lost(f)))
                .as("fields that are neither asked for nor in MotoLosses")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void livesAndDies(MotoCase witness) throws IOException, InterruptedException {
        moto.reset();
        Clients clients = moto.clients();
        Surroundings around = new Surroundings(clients);
        live(witness.kind(), witness, clients, around);
    }

    private static <S extends Record> void live(Kind<S> kind, MotoCase witness, Clients clients, Surroundings around) {
        String id = kind.info().name() + "/it";
        OneResource<S> one = new OneResource<>(kind, clients, id, witness.name());
        S spec = one.desired(around.fill(witness.spec()));
        String physicalId = one.create(spec);

        one.converge(spec);
        assertThat(differences(one, spec, kind))
                .as("after the creation and one update")
                .isEmpty();

        for (String change : witness.changes()) {
            S changed = one.desired(around.fill(witness.spec()), around.fill(change));
            if (kept(one, changed, kind).isEmpty()) {
                throw new AssertionError(change + " is no change that moto would show");
            }
            one.converge(changed);
            assertThat(differences(one, changed, kind)).as("after %s", change).isEmpty();
            one.converge(spec);
            assertThat(differences(one, spec, kind)).as("back from %s", change).isEmpty();
        }

        for (int look = 0; look < 20 && !one.observe(spec, physicalId, true).isEmpty(); look++) {
            if (!steady(one, spec, physicalId)) {
                break;
            }
            one.delete(spec);
        }
        assertThat(steady(one, spec, physicalId)).as("deleted").isFalse();
    }

    /** Whether the resource exists and is not being deleted; reads return a deleted secret for 30 days. */
    private static <S extends Record> boolean steady(OneResource<S> one, S spec, String physicalId) {
        return one.observe(spec, physicalId, true).stream()
                .map(o -> (Known<S>) o)
                .anyMatch(k -> k.phase() != Phase.Deleting && k.phase() != Phase.Restorable);
    }

    private static <S extends Record> List<FieldChange> kept(OneResource<S> one, S spec, Kind<S> kind) {
        return one.diff(spec).changes().stream()
                .filter(c -> !MotoLosses.lost(kind.info().name() + "." + c.component()))
                .toList();
    }

    private static <S extends Record> List<String> differences(OneResource<S> one, S spec, Kind<S> kind) {
        return kept(one, spec, kind).stream()
                .map(c -> c.path() + ": desired " + c.desired() + ", observed " + c.observed())
                .toList();
    }
}
