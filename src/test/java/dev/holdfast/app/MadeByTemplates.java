package dev.holdfast.app;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.engine.PolicyFixtures;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.ReservedTags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * The resources that CloudFormation creates from the templates of CDK and of Copilot, with its names and tags, in an
 * account that has no CloudFormation.
 *
 * @see <a href="https://github.com/aws/copilot-cli/tree/mainline/internal/pkg/template/templates">Copilot's templates</a>
 */
final class MadeByTemplates {
    static final String TRUST = PolicyFixtures.TRUST.replace('\'', '"');

    private final TwinServer twin;
    private final Map<String, String> tags;

    private MadeByTemplates(TwinServer twin, Map<String, String> tags) {
        this.twin = twin;
        this.tags = tags;
    }

    private <C extends SdkClient> C aws(Class<C> type) {
        return twin.account(Installation.ACCOUNT).service(Installation.REGION, type);
    }

    private static Map<String, String> ofStack(String stack) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("aws:cloudformation:logical-id", "Thing");
        tags.put(
                "aws:cloudformation:stack-id",
                "arn:aws:cloudformation:eu-west-2:123456789012:stack/" + stack + "/6f1a2b30");
        tags.put("aws:cloudformation:stack-name", stack);
        return tags;
    }

    /** The resources of a CDK stack. @return the ids in this account, by the ids on the page */
    static Map<String, String> cdk(TwinServer twin) {
        Map<String, String> ids = new LinkedHashMap<>();
        ReservedTags.asAws(() -> {
            MadeByTemplates made = new MadeByTemplates(twin, ofStack("ShopStack"));
            String vpc = made.vpc("10.9.0.0/16", "ShopStack/Vpc");
            String group = made.group(vpc, "ShopStack-ApiGroup-1KQ7Z2M4", "ShopStack/ApiGroup");
            made.aws(Ec2Client.class)
                    .authorizeSecurityGroupIngress(r -> r.groupId(group)
                            .ipPermissions(IpPermission.builder()
                                    .ipProtocol("tcp")
                                    .fromPort(8080)
                                    .toPort(8080)
                                    .ipRanges(i -> i.cidrIp("10.9.0.0/16"))
                                    .build()));
            made.aws(EcsClient.class)
                    .createCluster(
                            r -> r.clusterName("ShopStack-ClusterEB0386A7-vT3k").tags(made.ecs()));
            made.logs("ShopStack-ApiLogs4C21-xY9", 30);
            made.aws(S3Client.class)
                    .createBucket(r -> r.bucket("shopstack-media77d1-1f3a")
                            .createBucketConfiguration(c -> c.locationConstraint(Installation.REGION)));
            made.aws(S3Client.class)
                    .putBucketTagging(r -> r.bucket("shopstack-media77d1-1f3a")
                            .tagging(t -> t.tagSet(made.as(software.amazon.awssdk.services.s3.model.Tag::builder))));
            ids.put("vpc-89321ffa91c6f963e", vpc);
            ids.put("sg-f7428edd345d32175", group);
        });
        return ids;
    }

    /** The environment prod and the backend service api of Copilot's application shop. @return as of {@link #cdk} */
    static Map<String, String> copilot(TwinServer twin) {
        Map<String, String> ids = new LinkedHashMap<>();
        ReservedTags.asAws(() -> {
            Map<String, String> tags = ofStack("shop-prod");
            tags.put("copilot-application", "shop");
            tags.put("copilot-environment", "prod");
            MadeByTemplates environment = new MadeByTemplates(twin, tags);
            String vpc = environment.vpc("10.0.0.0/16", "copilot-shop-prod");
            String first = environment.subnet(vpc, "10.0.0.0/24", "a", "copilot-shop-prod-pub0");
            String second = environment.subnet(vpc, "10.0.1.0/24", "b", "copilot-shop-prod-pub1");
            String group = environment.group(
                    vpc, "shop-prod-EnvironmentSecurityGroup-8ZQ2", "shop-prodEnvironmentSecurityGroup");
            environment
                    .aws(Ec2Client.class)
                    .authorizeSecurityGroupIngress(r -> r.groupId(group)
                            .ipPermissions(IpPermission.builder()
                                    .ipProtocol("-1")
                                    .userIdGroupPairs(p -> p.groupId(group))
                                    .build()));
            environment
                    .aws(EcsClient.class)
                    .createCluster(r -> r.clusterName("shop-prod-Cluster-8sDNcVtn7x2K")
                            .capacityProviders("FARGATE", "FARGATE_SPOT")
                            .tags(environment.ecs()));
            Map<String, String> more = new LinkedHashMap<>(tags);
            more.putAll(ofStack("shop-prod-api"));
            more.put("copilot-service", "api");
            new MadeByTemplates(twin, more).service(List.of(first, second), group);
            ids.put("vpc-0c0117d3b7a1e0001", vpc);
            ids.put("subnet-0c0117d3b7a1e000a", first);
            ids.put("subnet-0c0117d3b7a1e000b", second);
            ids.put("sg-0c0117d3b7a1e0001", group);
        });
        return ids;
    }

    private void service(List<String> subnets, String group) {
        logs("/copilot/shop-prod-api", 30);
        String execution = role("shop-prod-api-ExecutionRole-1X9");
        aws(IamClient.class)
                .attachRolePolicy(r -> r.roleName("shop-prod-api-ExecutionRole-1X9")
                        .policyArn("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
        String task = role("shop-prod-api-TaskRole-7QF");
        EcsClient ecs = aws(EcsClient.class);
        String definition = ecs.registerTaskDefinition(r -> r.family("shop-prod-api")
                        .cpu("256")
                        .memory("512")
                        .networkMode(NetworkMode.AWSVPC)
                        .requiresCompatibilities(Compatibility.FARGATE)
                        .executionRoleArn(execution)
                        .taskRoleArn(task)
                        .tags(ecs())
                        .containerDefinitions(c -> c.name("api")
                                .image("public.ecr.aws/nginx/nginx:stable")
                                .essential(true)
                                .portMappings(p -> p.containerPort(8080))
                                .environment(
                                        variable("COPILOT_APPLICATION_NAME", "shop"),
                                        variable("COPILOT_ENVIRONMENT_NAME", "prod"),
                                        variable("COPILOT_SERVICE_NAME", "api"))
                                .logConfiguration(l -> l.logDriver(LogDriver.AWSLOGS)
                                        .options(Map.of(
                                                "awslogs-region", Installation.REGION,
                                                "awslogs-group", "/copilot/shop-prod-api",
                                                "awslogs-stream-prefix", "copilot")))))
                .taskDefinition()
                .taskDefinitionArn();
        // The role that ECS creates for itself becomes visible some seconds after the first cluster.
        Awaitility.await()
                .pollInSameThread()
                .ignoreException(InvalidParameterException.class)
                .until(() -> serves(ecs, definition, subnets, group));
    }

    private boolean serves(EcsClient ecs, String definition, List<String> subnets, String group) {
        ecs.createService(r -> r.cluster("shop-prod-Cluster-8sDNcVtn7x2K")
                .serviceName("shop-prod-api-Service-hJ3kQ9")
                .taskDefinition(definition)
                .desiredCount(2)
                .launchType(LaunchType.FARGATE)
                .platformVersion("LATEST")
                .propagateTags(PropagateTags.SERVICE)
                .tags(ecs())
                .deploymentConfiguration(d -> d.minimumHealthyPercent(100)
                        .maximumPercent(200)
                        .deploymentCircuitBreaker(b -> b.enable(true).rollback(true)))
                .networkConfiguration(n -> n.awsvpcConfiguration(
                        v -> v.subnets(subnets).securityGroups(group).assignPublicIp(AssignPublicIp.ENABLED))));
        return true;
    }

    private static KeyValuePair variable(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private String vpc(String cidr, String name) {
        return aws(Ec2Client.class)
                .createVpc(r -> r.cidrBlock(cidr).tagSpecifications(ec2("vpc", name)))
                .vpc()
                .vpcId();
    }

    private String subnet(String vpc, String cidr, String zone, String name) {
        return aws(Ec2Client.class)
                .createSubnet(r -> r.vpcId(vpc)
                        .cidrBlock(cidr)
                        .availabilityZone(Installation.REGION + zone)
                        .tagSpecifications(ec2("subnet", name)))
                .subnet()
                .subnetId();
    }

    private String group(String vpc, String name, String description) {
        return aws(Ec2Client.class)
                .createSecurityGroup(r -> r.vpcId(vpc)
                        .groupName(name)
                        .description(description)
                        .tagSpecifications(ec2("security-group", name)))
                .groupId();
    }

    private void logs(String name, int days) {
        CloudWatchLogsClient logs = aws(CloudWatchLogsClient.class);
        logs.createLogGroup(r -> r.logGroupName(name).tags(tags));
        logs.putRetentionPolicy(r -> r.logGroupName(name).retentionInDays(days));
    }

    private String role(String name) {
        return aws(IamClient.class)
                .createRole(r -> r.roleName(name)
                        .assumeRolePolicyDocument(TRUST)
                        .tags(as(software.amazon.awssdk.services.iam.model.Tag::builder)))
                .role()
                .arn();
    }

    private TagSpecification ec2(String type, String name) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put("Name", name);
        return TagSpecification.builder()
                .resourceType(type)
                .tags(SdkShapes.pairs(all, Tag::builder))
                .build();
    }

    private List<software.amazon.awssdk.services.ecs.model.Tag> ecs() {
        return as(software.amazon.awssdk.services.ecs.model.Tag::builder);
    }

    private <T, B extends SdkPojo & SdkBuilder<B, T>> List<T> as(Supplier<B> tag) {
        return SdkShapes.pairs(tags, tag);
    }
}
