package dev.holdfast.engine;

import dev.holdfast.twin.store.TwinItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.MetricType;
import software.amazon.awssdk.services.applicationautoscaling.model.PolicyType;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.TagResourceType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.xray.XRayClient;

/**
 * Objects of strangers that resemble those of a stack: a hand-made stack, and one object of every kind that this stack
 * lacks.
 */
final class LookAlikes {
    private final World world;
    private final HandMade stack;
    private final String name;
    private final MadeTags tags;
    /** The ids or ARNs of the created objects, by kind. */
    private final Map<String, List<String>> made = new TreeMap<>();

    private LookAlikes(World world, Map<String, String> tags, String name) {
        this.world = world;
        this.tags = new MadeTags(tags);
        this.name = name;
        this.stack = HandMade.in(world, tags, name);
    }

    /**
     * Creates the objects.
     *
     * @param tags the tags of everything that has tags
     * @param name the beginning of all names
     * @return ids, names or ARNs, by kind
     */
    static Map<String, List<String>> in(World world, Map<String, String> tags, String name) {
        LookAlikes all = new LookAlikes(world, tags, name);
        all.handMade();
        all.network();
        all.scaling();
        all.watched();
        new DataLookAlikes(world, all.stack, name, all.tags).make().forEach(all::add);
        all.rotation();
        all.traced();
        all.front();
        all.names();
        return all.made;
    }

    /** @return the tags and the details of each object, by type and ARN */
    static Map<String, String> details(World world) {
        return world.account().inventory().stream()
                .collect(Collectors.toMap(
                        i -> i.type() + " " + i.id() + " " + i.arn(), i -> i.tags() + i.detail(), (a, b) -> a + b));
    }

    /** Whether an object with this id, name or ARN exists. */
    static boolean exists(World world, String id) {
        return world.account().inventory().stream()
                .anyMatch((TwinItem i) -> i.id().equals(id) || i.arn().equals(id));
    }

    private void add(String kind, String... ids) {
        made.computeIfAbsent(kind, k -> new ArrayList<>()).addAll(List.of(ids));
    }

    private void handMade() {
        add("Vpc", stack.vpc);
        add("Subnet", stack.subnetA, stack.subnetB);
        add("InternetGateway", stack.gateway);
        add("SecurityGroup", stack.albGroup, stack.taskGroup);
        add("LoadBalancer", stack.loadBalancer);
        add("TargetGroup", stack.targetGroup);
        add("Listener", stack.listener);
        add("Secret", stack.secret);
        add("TaskDefinition", stack.definition);
        add("LogGroup", "/" + name);
        add("Bucket", name + "-media");
        for (String kind : List.of("Role", "EcsCluster", "EcsService")) {
            add(kind, name);
        }
    }

    private void network() {
        Ec2Client ec2 = world.somebody(Ec2Client.class);
        String address = ec2.allocateAddress(r -> r.tagSpecifications(tags.ec2(ResourceType.ELASTIC_IP)))
                .allocationId();
        add("ElasticIp", address);
        add(
                "NatGateway",
                ec2.createNatGateway(r -> r.subnetId(stack.subnetA)
                                .allocationId(address)
                                .tagSpecifications(tags.ec2(ResourceType.NATGATEWAY)))
                        .natGateway()
                        .natGatewayId());
        String table = ec2.createRouteTable(
                        r -> r.vpcId(stack.vpc).tagSpecifications(tags.ec2(ResourceType.ROUTE_TABLE)))
                .routeTable()
                .routeTableId();
        ec2.associateRouteTable(r -> r.routeTableId(table).subnetId(stack.subnetA));
        ec2.createRoute(
                r -> r.routeTableId(table).destinationCidrBlock("0.0.0.0/0").gatewayId(stack.gateway));
        add("RouteTable", table);
        add(
                "VpcEndpoint",
                ec2.createVpcEndpoint(r -> r.vpcId(stack.vpc)
                                .serviceName("com.amazonaws." + World.REGION + ".s3")
                                .vpcEndpointType(VpcEndpointType.GATEWAY)
                                .routeTableIds(table)
                                .tagSpecifications(tags.ec2(ResourceType.VPC_ENDPOINT)))
                        .vpcEndpoint()
                        .vpcEndpointId());
    }

    /** Scaling of the strangers' service: these objects have no tags, and belong to the owner of the service. */
    private void scaling() {
        ApplicationAutoScalingClient scaling = world.somebody(ApplicationAutoScalingClient.class);
        String service = "service/" + name + "/" + name;
        add(
                "ScalableTarget",
                scaling.registerScalableTarget(r -> r.serviceNamespace(ServiceNamespace.ECS)
                                .scalableDimension(ScalableDimension.ECS_SERVICE_DESIRED_COUNT)
                                .resourceId(service)
                                .minCapacity(1)
                                .maxCapacity(3))
                        .scalableTargetARN());
        add(
                "ScalingPolicy",
                scaling.putScalingPolicy(r -> r.serviceNamespace(ServiceNamespace.ECS)
                                .scalableDimension(ScalableDimension.ECS_SERVICE_DESIRED_COUNT)
                                .resourceId(service)
                                .policyName(name + "-cpu")
                                .policyType(PolicyType.TARGET_TRACKING_SCALING)
                                .targetTrackingScalingPolicyConfiguration(t -> t.targetValue(60d)
                                        .predefinedMetricSpecification(m -> m.predefinedMetricType(
                                                MetricType.ECS_SERVICE_AVERAGE_CPU_UTILIZATION))))
                        .policyARN());
        scaling.putScheduledAction(r -> r.serviceNamespace(ServiceNamespace.ECS)
                .scalableDimension(ScalableDimension.ECS_SERVICE_DESIRED_COUNT)
                .resourceId(service)
                .scheduledActionName(name + "-night")
                .schedule("cron(0 22 * * ? *)")
                .scalableTargetAction(a -> a.minCapacity(1)));
        add("ScheduledAction", "ecs/" + service + "/ecs:service:DesiredCount/" + name + "-night");
    }

    static void filter(World world, String logGroup, String name) {
        world.somebody(CloudWatchLogsClient.class)
                .putMetricFilter(r -> r.logGroupName(logGroup)
                        .filterName(name)
                        .filterPattern("ERROR")
                        .metricTransformations(m ->
                                m.metricName("Errors").metricNamespace("Theirs").metricValue("1")));
    }

    private void watched() {
        filter(world, "/" + name, name + "-errors");
        add("MetricFilter", "/" + name + ":" + name + "-errors");
        CloudWatchClient watch = world.somebody(CloudWatchClient.class);
        List<software.amazon.awssdk.services.cloudwatch.model.Tag> alarmTags =
                tags.as(software.amazon.awssdk.services.cloudwatch.model.Tag::builder);
        String alarm = name + "-cpu";
        watch.putMetricAlarm(r -> r.alarmName(alarm)
                .namespace("AWS/ECS")
                .metricName("CPUUtilization")
                .statistic("Average")
                .period(60)
                .evaluationPeriods(1)
                .threshold(80d)
                .comparisonOperator("GreaterThanThreshold")
                .tags(alarmTags));
        add("Alarm", alarm);
        watch.putCompositeAlarm(r ->
                r.alarmName(name + "-all").alarmRule("ALARM(\"" + alarm + "\")").tags(alarmTags));
        add("CompositeAlarm", name + "-all");
        watch.putDashboard(r -> r.dashboardName(name).dashboardBody("{\"widgets\":[]}"));
        add("Dashboard", name);
        SnsClient sns = world.somebody(SnsClient.class);
        String topic = sns.createTopic(
                        r -> r.name(name).tags(tags.as(software.amazon.awssdk.services.sns.model.Tag::builder)))
                .topicArn();
        sns.subscribe(r -> r.topicArn(topic).protocol("email").endpoint("them@skinclubpro.example"));
        add("Topic", topic);
        EcrClient ecr = world.somebody(EcrClient.class);
        ecr.createRepository(
                r -> r.repositoryName(name).tags(tags.as(software.amazon.awssdk.services.ecr.model.Tag::builder)));
        add("Repository", name);
    }

    private void rotation() {
        LambdaClient lambda = world.somebody(LambdaClient.class);
        String role = world.somebody(IamClient.class)
                .createRole(
                        r -> r.roleName(name + "-function")
                                .assumeRolePolicyDocument(
                                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                                + "\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"))
                .role()
                .arn();
        world.clock.advance(Duration.ofMinutes(1));
        String function = lambda.createFunction(r -> r.functionName(name)
                        .role(role)
                        .packageType(PackageType.IMAGE)
                        .code(c -> c.imageUri("123456789012.dkr.ecr.eu-west-2.amazonaws.com/theirs:1"))
                        .tags(tags.all()))
                .functionArn();
        add("Function", name);
        lambda.addPermission(r -> r.functionName(name)
                .statementId("rotation")
                .action("lambda:InvokeFunction")
                .principal("secretsmanager.amazonaws.com"));
        // The permission is part of the function's policy.
        add("FunctionPermission", name);
        world.clock.advance(Duration.ofMinutes(1));
        SecretsManagerClient secrets = world.somebody(SecretsManagerClient.class);
        String secret = secrets.createSecret(
                        r -> r.name(name + "-rotated").secretString("theirs").tags(tags.secrets()))
                .arn();
        secrets.rotateSecret(r -> r.secretId(secret)
                .rotationLambdaARN(function)
                .rotateImmediately(false)
                .rotationRules(rules -> rules.automaticallyAfterDays(300L)));
        add("SecretRotation", secret);
        KmsClient kms = world.somebody(KmsClient.class);
        String key = kms.createKey(r ->
                        r.description("theirs").tags(tags.as(software.amazon.awssdk.services.kms.model.Tag::builder)))
                .keyMetadata()
                .keyId();
        add("Key", key);
        kms.createAlias(r -> r.aliasName("alias/" + name).targetKeyId(key));
        add("KeyAlias", "alias/" + name);
    }

    private void traced() {
        XRayClient xray = world.somebody(XRayClient.class);
        List<software.amazon.awssdk.services.xray.model.Tag> all =
                tags.as(software.amazon.awssdk.services.xray.model.Tag::builder);
        xray.createSamplingRule(r -> r.samplingRule(s -> s.ruleName(name)
                        .priority(5)
                        .fixedRate(1.0)
                        .reservoirSize(1)
                        .serviceName("theirs")
                        .serviceType("*")
                        .host("*")
                        .httpMethod("*")
                        .urlPath("*")
                        .resourceARN("*")
                        .version(1))
                .tags(all));
        add("SamplingRule", name);
        xray.createGroup(
                r -> r.groupName(name).filterExpression("service(\"theirs\")").tags(all));
        add("TraceGroup", name);
    }

    private void front() {
        add("ListenerRule", rule(world, stack.listener, stack.targetGroup, tags.all()));
    }

    private void names() {
        Route53Client dns = world.somebody(Route53Client.class);
        String zone = dns.createHostedZone(r -> r.name(name + ".example.com").callerReference(name))
                .hostedZone()
                .id()
                .replace("/hostedzone/", "");
        dns.changeTagsForResource(r -> r.resourceType(TagResourceType.HOSTEDZONE)
                .resourceId(zone)
                .addTags(tags.as(software.amazon.awssdk.services.route53.model.Tag::builder)));
        add("HostedZone", zone);
        add("OriginAccessControl", EdgeLookAlikes.control(world, name, "theirs"));
        EdgeLookAlikes.policies(world, name).forEach(this::add);
        add("CloudFrontFunction", EdgeLookAlikes.function(world, name, tags));
        add("VpcOrigin", EdgeLookAlikes.vpcOrigin(world, name, stack.loadBalancer, tags));
        add("Distribution", EdgeLookAlikes.distribution(world, name, tags));
        add("RecordSet", record(world, zone, "www." + name + ".example.com."));
        add(
                "Certificate",
                world.somebody(AcmClient.class)
                        .requestCertificate(r -> r.domainName(name + ".example.com")
                                .validationMethod("DNS")
                                .tags(tags.as(software.amazon.awssdk.services.acm.model.Tag::builder)))
                        .certificateArn());
    }

    /** @return the id of a stranger's record */
    static String record(World world, String zone, String name) {
        world.somebody(Route53Client.class)
                .changeResourceRecordSets(r -> r.hostedZoneId(zone)
                        .changeBatch(b -> b.changes(c -> c.action(ChangeAction.CREATE)
                                .resourceRecordSet(s -> s.name(name)
                                        .type(RRType.A)
                                        .ttl(60L)
                                        .resourceRecords(v -> v.value("192.0.2.77"))))));
        return zone + "/" + name + "/A";
    }

    /** @return the ARN of a rule that forwards a path of the strangers to their target group */
    static String rule(World world, String listener, String targetGroup, Map<String, String> tags) {
        return world.somebody(ElasticLoadBalancingV2Client.class)
                .createRule(r -> r.listenerArn(listener)
                        .priority(77)
                        .conditions(c -> c.field("path-pattern").values("/theirs/*"))
                        .actions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(targetGroup))
                        .tags(new MadeTags(tags).elb()))
                .rules()
                .getFirst()
                .ruleArn();
    }
}
