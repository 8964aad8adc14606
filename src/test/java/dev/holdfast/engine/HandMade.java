package dev.holdfast.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A small stack that another principal created: a service behind a load balancer, and the resources that the service
 * needs.
 */
final class HandMade {
    static final String TRUST = PolicyFixtures.TRUST.replace('\'', '"');
    private static final String NAME = "hand-made";
    static final String BUCKET = NAME + "-media";

    private final World world;
    private final MadeTags tags;
    private final String name;
    String vpc = "";
    String subnetA = "";
    String subnetB = "";
    String gateway = "";
    String albGroup = "";
    String taskGroup = "";
    String loadBalancer = "";
    String targetGroup = "";
    String listener = "";
    String secret = "";
    String definition = "";

    private HandMade(World world, Map<String, String> tags, String name) {
        this.world = world;
        this.tags = new MadeTags(tags);
        this.name = name;
    }

    /** @param tags the tags of everything that has tags */
    static HandMade in(World world, Map<String, String> tags) {
        return in(world, tags, NAME);
    }

    /** @param name the name, or the beginning of the name, of everything that has a name */
    static HandMade in(World world, Map<String, String> tags, String name) {
        HandMade made = new HandMade(world, tags, name);
        made.network();
        made.stored();
        world.clock.advance(Duration.ofMinutes(1));
        made.front();
        world.clock.advance(Duration.ofMinutes(5));
        made.service();
        world.clock.advance(Duration.ofMinutes(10));
        return made;
    }

    private void network() {
        Ec2Client ec2 = world.somebody(Ec2Client.class);
        vpc = ec2.createVpc(r -> r.cidrBlock("10.9.0.0/16").tagSpecifications(tags.ec2(ResourceType.VPC)))
                .vpc()
                .vpcId();
        subnetA = subnet(ec2, "10.9.0.0/24", "eu-west-2a");
        subnetB = subnet(ec2, "10.9.1.0/24", "eu-west-2b");
        gateway = ec2.createInternetGateway(r -> r.tagSpecifications(tags.ec2(ResourceType.INTERNET_GATEWAY)))
                .internetGateway()
                .internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        albGroup = group(ec2, "hand-alb", "the load balancer");
        taskGroup = group(ec2, "hand-tasks", "the tasks");
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(albGroup)
                .ipPermissions(IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(80)
                        .toPort(80)
                        .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
                        .build()));
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(taskGroup)
                .ipPermissions(IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(8080)
                        .toPort(8080)
                        .userIdGroupPairs(
                                UserIdGroupPair.builder().groupId(albGroup).build())
                        .build()));
    }

    private String subnet(Ec2Client ec2, String cidr, String zone) {
        return ec2.createSubnet(r -> r.vpcId(vpc)
                        .cidrBlock(cidr)
                        .availabilityZone(zone)
                        .tagSpecifications(tags.ec2(ResourceType.SUBNET)))
                .subnet()
                .subnetId();
    }

    private String group(Ec2Client ec2, String name, String description) {
        return ec2.createSecurityGroup(r -> r.vpcId(vpc)
                        .groupName(name)
                        .description(description)
                        .tagSpecifications(tags.ec2(ResourceType.SECURITY_GROUP)))
                .groupId();
    }

    private List<software.amazon.awssdk.services.ecs.model.Tag> ecsTags() {
        return tags.as(software.amazon.awssdk.services.ecs.model.Tag::builder);
    }

    private void stored() {
        world.somebody(EcsClient.class).createCluster(r -> r.clusterName(name).tags(ecsTags()));
        world.somebody(CloudWatchLogsClient.class)
                .createLogGroup(r -> r.logGroupName("/" + name).tags(tags.all()));
        secret = world.somebody(SecretsManagerClient.class)
                .createSecret(r -> r.name(name + "/Key").secretString("theirs").tags(tags.secrets()))
                .arn();
        S3Client s3 = world.somebody(S3Client.class);
        s3.createBucket(
                r -> r.bucket(name + "-media").createBucketConfiguration(c -> c.locationConstraint(World.REGION)));
        if (!tags.all().isEmpty()) {
            s3.putBucketTagging(r -> r.bucket(name + "-media")
                    .tagging(t -> t.tagSet(tags.as(software.amazon.awssdk.services.s3.model.Tag::builder))));
        }
        world.somebody(IamClient.class)
                .createRole(r -> r.roleName(name)
                        .assumeRolePolicyDocument(TRUST)
                        .tags(tags.as(software.amazon.awssdk.services.iam.model.Tag::builder)));
    }

    private void front() {
        ElasticLoadBalancingV2Client elb = world.somebody(ElasticLoadBalancingV2Client.class);
        var all = tags.elb();
        loadBalancer = elb.createLoadBalancer(r -> r.name(name)
                        .subnets(subnetA, subnetB)
                        .securityGroups(albGroup)
                        .tags(all))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
        targetGroup = elb.createTargetGroup(r -> r.name(name)
                        .protocol(ProtocolEnum.HTTP)
                        .port(8080)
                        .vpcId(vpc)
                        .targetType(TargetTypeEnum.IP)
                        .healthCheckPath("/health")
                        .tags(all))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        listener = elb.createListener(r -> r.loadBalancerArn(loadBalancer)
                        .port(80)
                        .protocol(ProtocolEnum.HTTP)
                        .tags(all)
                        .defaultActions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(targetGroup)))
                .listeners()
                .getFirst()
                .listenerArn();
    }

    private void service() {
        EcsClient ecs = world.somebody(EcsClient.class);
        String role = "arn:aws:iam::" + World.ACCOUNT + ":role/" + name;
        definition = ecs.registerTaskDefinition(r -> r.family(name)
                        .cpu("256")
                        .memory("512")
                        .networkMode(NetworkMode.AWSVPC)
                        .requiresCompatibilities(Compatibility.FARGATE)
                        .executionRoleArn(role)
                        .taskRoleArn(role)
                        .tags(ecsTags())
                        .containerDefinitions(c -> c.name("app")
                                .image("public.ecr.aws/app:1")
                                .essential(true)
                                .portMappings(p -> p.containerPort(8080))))
                .taskDefinition()
                .taskDefinitionArn();
        ecs.createService(r -> r.cluster(name)
                .serviceName(name)
                .taskDefinition(definition)
                .desiredCount(1)
                .launchType(LaunchType.FARGATE)
                .tags(ecsTags())
                .networkConfiguration(n ->
                        n.awsvpcConfiguration(v -> v.subnets(subnetA, subnetB).securityGroups(taskGroup)))
                .loadBalancers(
                        l -> l.targetGroupArn(targetGroup).containerName("app").containerPort(8080)));
    }

    /** Documents that describe this stack, except for a retention and a versioning that the principal did not set. */
    String documents(String handover) {
        return "["
                + String.join(
                        ",",
                        byId("Vpc", "main", vpc, handover, "'cidrBlock':'10.9.0.0/16'"),
                        byId(
                                "Subnet",
                                "a",
                                subnetA,
                                handover,
                                "'vpcId':'${Vpc/main}','cidrBlock':'10.9.0.0/24','availabilityZone':'eu-west-2a'"),
                        byId(
                                "Subnet",
                                "b",
                                subnetB,
                                handover,
                                "'vpcId':'${Vpc/main}','cidrBlock':'10.9.1.0/24','availabilityZone':'eu-west-2b'"),
                        byId("InternetGateway", "main", gateway, handover, "'vpcId':'${Vpc/main}'"),
                        byId(
                                "SecurityGroup",
                                "alb",
                                albGroup,
                                handover,
                                "'vpcId':'${Vpc/main}','description':'the load balancer','ingress':[{'protocol':'tcp','fromPort':80,'toPort':80,'cidrIpv4':'0.0.0.0/0'}]"),
                        byId(
                                "SecurityGroup",
                                "tasks",
                                taskGroup,
                                handover,
                                "'vpcId':'${Vpc/main}','description':'the tasks','ingress':[{'protocol':'tcp','fromPort':8080,'toPort':8080,'securityGroup':'${SecurityGroup/alb}'}]"),
                        byName("LogGroup", "app", handover, "'logGroupName':'/hand-made','retentionInDays':30"),
                        byName(
                                "Secret",
                                "key",
                                handover,
                                "'name':'hand-made/Key','generateSecretString':{'passwordLength':32}"),
                        byName("Bucket", "media", handover, "'bucketName':'" + BUCKET + "','versioning':'Enabled'"),
                        byName(
                                "Role",
                                "app",
                                handover,
                                "'roleName':'hand-made','assumeRolePolicyDocument':" + TRUST.replace('"', '\'')),
                        byName(
                                "LoadBalancer",
                                "main",
                                handover,
                                "'name':'hand-made','type':'application','scheme':'internet-facing','subnets':['${Subnet/a}','${Subnet/b}'],'securityGroups':['${SecurityGroup/alb}']"),
                        byId(
                                "TargetGroup",
                                "app",
                                targetGroup,
                                handover,
                                "'protocol':'HTTP','port':8080,'vpcId':'${Vpc/main}','targetType':'ip','healthCheckPath':'/health'"),
                        byId(
                                "Listener",
                                "http",
                                listener,
                                handover,
                                "'loadBalancerArn':'${LoadBalancer/main}','port':80,'protocol':'HTTP','defaultActions':[{'type':'forward','targetGroupArn':'${TargetGroup/app}'}]"),
                        byName("EcsCluster", "main", handover, "'clusterName':'hand-made'"),
                        byId(
                                "TaskDefinition",
                                "app",
                                definition,
                                handover,
                                "'family':'hand-made','cpu':'256','memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'executionRoleArn':'${Role/app}','taskRoleArn':'${Role/app}','containerDefinitions':[{'name':'app','image':'public.ecr.aws/app:1','essential':true,'portMappings':[{'containerPort':8080}]}]"),
                        byName(
                                "EcsService",
                                "app",
                                handover,
                                "'serviceName':'hand-made','cluster':'${EcsCluster/main}','taskDefinition':'${TaskDefinition/app}','desiredCount':1,'launchType':'FARGATE','networkConfiguration':{'awsvpcConfiguration':{'subnets':['${Subnet/a}','${Subnet/b}'],'securityGroups':['${SecurityGroup/tasks}']}},'loadBalancers':[{'targetGroupArn':'${TargetGroup/app}','containerName':'app','containerPort':8080}]"))
                + "]";
    }

    private static String byId(String kind, String name, String id, String handover, String spec) {
        return Docs.document(kind, name, handover + "'adopt':'IfUnowned','id':'" + id + "'", spec);
    }

    private static String byName(String kind, String name, String handover, String spec) {
        return Docs.document(kind, name, handover + "'adopt':'IfUnowned'", spec);
    }
}
