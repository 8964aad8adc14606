package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A reference to an object that does not exist yet leaves no other part of the field unguarded. */
class UnresolvedPartsTest {
    private static final Duration INTERVAL = Duration.ofMinutes(2);
    /** The time within which a policy, which costs a request of its own, is read again. */
    private static final Duration SLOW = Duration.ofHours(1);

    private static final String KNOWN = "{'protocol':'tcp','fromPort':443,'toPort':443,'cidrIpv4':'10.1.0.0/16'}";
    private static final String FROM_WEB =
            "{'protocol':'tcp','fromPort':80,'toPort':80,'securityGroup':'${SecurityGroup/web}'}";

    private static String documents(boolean web, String... ingress) {
        String api = Docs.document(
                "SecurityGroup",
                "api",
                "'vpcId':'${Vpc/main}','description':'x','ingress':[" + String.join(",", ingress) + "]");
        return web ? Docs.of(Docs.vpc(""), api, Docs.group("web", "web", "")) : Docs.of(Docs.vpc(""), api);
    }

    /** A group with a rule whose source cannot be created. */
    private static World waiting() {
        World world = new World().desire(documents(false, KNOWN)).converged();
        world.twin
                .faults()
                .add(TwinFaultRule.on("ec2:CreateSecurityGroup", new TwinFault.Deny())
                        .by(world.caller()));
        world.desire(documents(true, KNOWN, FROM_WEB)).run(INTERVAL);
        assertThat(world.status("SecurityGroup/web")).isEqualTo(Status.Failed);
        return world;
    }

    private static List<IpPermission> rules(World world) {
        return world.somebody(Ec2Client.class)
                .describeSecurityGroups(
                        r -> r.groupIds(world.resource("SecurityGroup/api").physicalId()))
                .securityGroups()
                .getFirst()
                .ipPermissions();
    }

    private static void open(World world, IpPermission rule) {
        world.somebody(Ec2Client.class)
                .authorizeSecurityGroupIngress(
                        r -> r.groupId(world.resource("SecurityGroup/api").physicalId())
                                .ipPermissions(rule));
    }

    private static IpPermission port(int port) {
        return IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(port)
                .toPort(port)
                .ipRanges(r -> r.cidrIp("0.0.0.0/0"))
                .build();
    }

    @Test
    void anOpenedPortIsClosedAlthoughAnotherRuleWaitsForItsSource() {
        try (World world = waiting()) {
            open(world, port(22));

            world.run(INTERVAL);

            assertThat(rules(world))
                    .as(world.describe())
                    .extracting(IpPermission::fromPort)
                    .containsExactly(443);
            assertThat(world.events("DriftRepaired")).isNotEmpty();
        }
    }

    @Test
    void aClosedPortIsOpenedAgainAlthoughAnotherRuleWaitsForItsSource() {
        try (World world = waiting()) {
            world.somebody(Ec2Client.class)
                    .revokeSecurityGroupIngress(
                            r -> r.groupId(world.resource("SecurityGroup/api").physicalId())
                                    .ipPermissions(rules(world)));

            world.run(INTERVAL);

            assertThat(rules(world))
                    .as(world.describe())
                    .extracting(IpPermission::fromPort)
                    .containsExactly(443);
        }
    }

    /** The former rule stays until the new one is there, and the group's users are not cut off. */
    @Test
    void aRuleThatTheDocumentsGaveUpStaysUntilTheOtherRuleHasItsSource() {
        String former = "{'protocol':'tcp','fromPort':8080,'toPort':8080,'cidrIpv4':'10.2.0.0/16'}";
        try (World world = new World().desire(documents(false, KNOWN, former)).converged()) {
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("ec2:CreateSecurityGroup", new TwinFault.Deny())
                            .by(world.caller()));
            world.desire(documents(true, KNOWN, FROM_WEB)).run(INTERVAL);
            open(world, port(22));

            world.run(INTERVAL);

            assertThat(rules(world))
                    .as(world.describe())
                    .extracting(IpPermission::fromPort)
                    .containsExactlyInAnyOrder(443, 8080);

            world.twin.faults().clear();
            world.converged();
            assertThat(rules(world)).extracting(IpPermission::fromPort).containsExactlyInAnyOrder(443, 80);
        }
    }

    private static final String OWN =
            "{'Sid':'own','Effect':'Allow','Principal':{'Service':'logging.s3.amazonaws.com'},'Action':'s3:PutObject','Resource':'arn:aws:s3:::media-1/*'}";
    private static final String OF_TOPIC =
            "{'Sid':'topic','Effect':'Allow','Principal':{'Service':'cloudfront.amazonaws.com'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::media-1/*','Condition':{'StringEquals':{'aws:SourceArn':'%s'}}}";
    private static final String FOREIGN =
            "{'Sid':'foreign','Effect':'Allow','Principal':{'AWS':'arn:aws:iam::999999999999:root'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::media-1/*'}";

    private static String policy(String... statements) {
        return "{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}";
    }

    private static String bucket(String... statements) {
        return Docs.document("Bucket", "media", "'bucketName':'media-1','policy':" + policy(statements));
    }

    private static Set<String> statements(World world) {
        String policy = world.somebody(S3Client.class)
                .getBucketPolicy(r -> r.bucket("media-1"))
                .policy();
        return Pattern.compile("\"Sid\":\"(\\w+)\"")
                .matcher(policy)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static void put(World world, String... statements) {
        world.somebody(S3Client.class)
                .putBucketPolicy(
                        r -> r.bucket("media-1").policy(policy(statements).replace('\'', '"')));
    }

    @Test
    void anAddedStatementOfAPolicyIsRemovedAlthoughAnotherStatementWaits() {
        try (World world = new World().desire(Docs.of(bucket(OWN))).converged()) {
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("sns:CreateTopic", new TwinFault.Deny())
                            .by(world.caller()));
            world.desire(Docs.of(bucket(OWN, OF_TOPIC.formatted("${Topic/t.arn}")), Docs.document("Topic", "t", "")))
                    .run(INTERVAL);
            assertThat(world.status("Topic/t")).isEqualTo(Status.Failed);

            put(world, OWN, FOREIGN);
            world.run(SLOW);
            assertThat(statements(world)).as(world.describe()).containsExactly("own");

            // A statement that may be the one that waits stays.
            put(world, OF_TOPIC.formatted("arn:aws:sns:eu-west-2:123456789012:t"), FOREIGN);
            world.run(SLOW);
            assertThat(statements(world)).as(world.describe()).containsExactlyInAnyOrder("own", "topic");
            assertThat(world.events("DriftRepaired")).as(world.describe()).hasSize(2);

            world.twin.faults().clear();
            world.converged();
            assertThat(statements(world)).containsExactlyInAnyOrder("own", "topic");
        }
    }

    private static String role(String... resources) {
        return Docs.document(
                "Role",
                "api",
                "'assumeRolePolicyDocument':" + PolicyFixtures.TRUST + ",'policies':[" + inline("own", resources)
                        + "]");
    }

    private static String inline(String name, String... resources) {
        return "{'policyName':'" + name + "','policyDocument':" + document(resources) + "}";
    }

    private static String document(String... resources) {
        return "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'sns:Publish','Resource':['"
                + String.join("','", resources) + "']}]}";
    }

    private static final String KNOWN_TOPIC = "arn:aws:sns:eu-west-2:123456789012:known";

    /** A role whose policy names a topic that cannot be created. */
    private static World waitingRole() {
        World world = new World().desire(Docs.of(role(KNOWN_TOPIC))).converged();
        world.twin
                .faults()
                .add(TwinFaultRule.on("sns:CreateTopic", new TwinFault.Deny()).by(world.caller()));
        world.desire(Docs.of(role(KNOWN_TOPIC, "${Topic/t.arn}"), Docs.document("Topic", "t", "")))
                .run(INTERVAL);
        assertThat(world.status("Role/api")).isEqualTo(Status.Waiting);
        return world;
    }

    private static String own(IamClient iam, String role) {
        String document =
                iam.getRolePolicy(r -> r.roleName(role).policyName("own")).policyDocument();
        return URLDecoder.decode(document, StandardCharsets.UTF_8);
    }

    @Test
    void aRoleGetsNoOtherRightsAlthoughItsPolicyWaits() {
        try (World world = waitingRole()) {
            IamClient iam = world.somebody(IamClient.class);
            String role = world.resource("Role/api").physicalId();
            iam.putRolePolicy(r -> r.roleName(role)
                    .policyName("admin")
                    .policyDocument(document("*").replace('\'', '"').replace("sns:Publish", "*")));
            iam.putRolePolicy(r -> r.roleName(role)
                    .policyName("own")
                    .policyDocument(document("*").replace('\'', '"')));

            world.run(INTERVAL);

            assertThat(iam.listRolePolicies(r -> r.roleName(role)).policyNames())
                    .as(world.describe())
                    .containsExactly("own");
            assertThat(own(iam, role)).contains(KNOWN_TOPIC).doesNotContain("\"*\"");
            assertThat(world.status("Role/api")).isEqualTo(Status.Waiting);
            assertThat(world.events("DriftRepaired")).isNotEmpty();

            world.twin.faults().clear();
            world.converged();
            assertThat(own(iam, role))
                    .contains(KNOWN_TOPIC, world.resource("Topic/t").physicalId());
        }
    }
}
