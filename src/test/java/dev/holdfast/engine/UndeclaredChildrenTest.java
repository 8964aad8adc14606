package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.ParentKind;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** An undeclared object that another principal attaches to a resource of ours is reported as Unexpected and stays. */
class UndeclaredChildrenTest {
    private static final Duration SEARCH = Duration.ofMinutes(70);

    @Test
    void everyKindThatHangsAtAnotherNamesIt() {
        for (Kind<?> kind : TestKinds.all().all().values()) {
            ParentKind<?> parent = kind.info().parent();
            if (parent != null) {
                assertThat(TestKinds.all().all()).containsKey(parent.kind());
            }
            // A service has only one target for a dimension: a second target replaces ours instead of being added to
            // it.
            if (kind.info().ownership() == OwnershipForm.PARENT
                    && !kind.info().name().equals("ScalableTarget")) {
                assertThat(parent).as(kind.info().name()).isNotNull();
            }
        }
    }

    private static Map<String, String> unexpected(World world) {
        Map<String, String> found = new TreeMap<>();
        world.view().drift().stream()
                .filter(item ->
                        item.type() == DriftItem.DriftType.Unexpected && item.state() != DriftItem.DriftState.Repaired)
                .forEach(item -> found.put(String.valueOf(item.physicalId()), item.resource() + " " + item.isChild()));
        return found;
    }

    @Test
    void childrenOfAServiceAreReportedAndStay() {
        try (World world = new World()) {
            SkinClub.oneService(world).converged();
            ScalableTarget target = world.somebody(ApplicationAutoScalingClient.class)
                    .describeScalableTargets(r -> r.serviceNamespace("ecs"))
                    .scalableTargets()
                    .getFirst();
            world.file("base/night.json", """
                {'apiVersion':'holdfast.dev/v1','kind':'ScheduledAction','metadata':{'name':'night'},'spec':{
                  'serviceNamespace':'ecs','resourceId':'%s','scalableDimension':'ecs:service:DesiredCount',
                  'scheduledActionName':'night','schedule':'cron(0 22 * * ? *)','scalableTargetAction':{'minCapacity':1}}}
                """.formatted(target.resourceId())).converged();
            assertThat(unexpected(world)).isEmpty();
            ElasticLoadBalancingV2Client elb = world.somebody(ElasticLoadBalancingV2Client.class);
            String listener = world.view().resources().values().stream()
                    .filter(r -> r.id().kind().equals("Listener"))
                    .map(r -> String.valueOf(r.physicalId()))
                    .findFirst()
                    .orElseThrow();
            String rule = elb.createRule(r -> r.listenerArn(listener)
                            .priority(4999)
                            .conditions(c -> c.field("path-pattern").values("/theirs"))
                            .actions(a -> a.type("fixed-response").fixedResponseConfig(f -> f.statusCode("200"))))
                    .rules()
                    .getFirst()
                    .ruleArn();
            ApplicationAutoScalingClient scaling = world.somebody(ApplicationAutoScalingClient.class);
            String policy = scaling.putScalingPolicy(
                            r -> r.serviceNamespace("ecs")
                                    .resourceId(target.resourceId())
                                    .scalableDimension(target.scalableDimension())
                                    .policyName("theirs")
                                    .policyType("TargetTrackingScaling")
                                    .targetTrackingScalingPolicyConfiguration(
                                            c -> c.targetValue(10.0)
                                                    .predefinedMetricSpecification(
                                                            m -> m.predefinedMetricType("ALBRequestCountPerTarget")
                                                                    .resourceLabel(
                                                                            "app/theirs/0123456789abcdef/targetgroup/theirs/0123456789abcdef"))))
                    .policyARN();
            scaling.putScheduledAction(r -> r.serviceNamespace("ecs")
                    .resourceId(target.resourceId())
                    .scalableDimension(target.scalableDimension())
                    .scheduledActionName("theirs")
                    .schedule("cron(0 3 * * ? *)")
                    .scalableTargetAction(a -> a.minCapacity(0)));

            world.run(SEARCH);

            assertThat(unexpected(world).keySet()).hasSize(3).contains(rule, policy);
            assertThat(unexpected(world).get(rule)).startsWith("Listener/").endsWith(" true");
            assertThat(unexpected(world).get(policy))
                    .startsWith("ScalableTarget/")
                    .endsWith(" true");
            assertThat(world.events)
                    .filteredOn(e ->
                            e.reason().equals("DriftDetected") && e.message().contains("no document declares it"))
                    .hasSize(3);
            assertThat(world.pass().writes()).isZero();
            assertThat(elb.describeRules(r -> r.ruleArns(rule)).rules()).hasSize(1);

            elb.deleteRule(r -> r.ruleArn(rule));
            world.run(SEARCH);

            assertThat(unexpected(world)).hasSize(2).doesNotContainKey(rule);
        }
    }

    @Test
    void elementsThatNoDocumentOwnsAreReportedAndStay() {
        try (World world = new World()) {
            world.desire("""
                [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'spec':{'logGroupName':'/app'}},
                 {'apiVersion':'holdfast.dev/v1','kind':'MetricFilter','metadata':{'name':'app'},'spec':{
                  'logGroupName':'${LogGroup/app}','filterName':'ours','filterPattern':'WARN',
                  'metricTransformations':[{'metricName':'Warnings','metricNamespace':'App','metricValue':'1'}]}},
                 {'apiVersion':'holdfast.dev/v1','kind':'Topic','metadata':{'name':'alerts'},'spec':{'topicName':'alerts'}},
                 {'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'app'},'spec':{
                  'roleName':'app','policies':null,'assumeRolePolicyDocument':%s}}]
                """.formatted(HandMade.TRUST)).converged();
            world.somebody(IamClient.class)
                    .putRolePolicy(r -> r.roleName("app")
                            .policyName("theirs")
                            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                    + "\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"));
            world.somebody(IamClient.class)
                    .attachRolePolicy(r -> r.roleName("app").policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
            world.somebody(CloudWatchLogsClient.class)
                    .putMetricFilter(r -> r.logGroupName("/app")
                            .filterName("theirs")
                            .filterPattern("ERROR")
                            .metricTransformations(m -> m.metricName("Errors")
                                    .metricNamespace("App")
                                    .metricValue("1")));
            SnsClient sns = world.somebody(SnsClient.class);
            sns.subscribe(r -> r.topicArn(world.resource("Topic/alerts").physicalId())
                    .protocol("sqs")
                    .endpoint("arn:aws:sqs:eu-west-2:" + World.ACCOUNT + ":theirs"));

            world.run(SEARCH);

            assertThat(unexpected(world))
                    .as(world.describe())
                    .hasSize(4)
                    .containsEntry("app/theirs", "Role/app true")
                    .containsEntry("app/arn:aws:iam::aws:policy/AdministratorAccess", "Role/app true")
                    .containsEntry("/app:theirs", "LogGroup/app true");
            assertThat(world.status("Role/app")).isEqualTo(Status.Synced);
            assertThat(world.pass().writes()).isZero();
            assertThat(world.somebody(IamClient.class)
                            .listRolePolicies(r -> r.roleName("app"))
                            .policyNames())
                    .isEqualTo(List.of("theirs"));
        }
    }

    /** Targets that ECS registers are not Unexpected, neither while they drain nor while tasks change. */
    @Test
    void addressesThatAreNoTasksAreReportedAndStay() {
        try (World world = new World()) {
            SkinClub.oneService(world).converged();
            ElasticLoadBalancingV2Client elb = world.somebody(ElasticLoadBalancingV2Client.class);
            String group = elb.describeTargetGroups().targetGroups().getFirst().targetGroupArn();
            assertThat(elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions())
                    .isNotEmpty();
            world.run(SEARCH);
            assertThat(unexpected(world)).isEmpty();

            elb.registerTargets(r -> r.targetGroupArn(group)
                    .targets(t -> t.id("10.99.0.7").port(8080).availabilityZone("all")));
            world.run(SEARCH);

            assertThat(unexpected(world)).containsOnlyKeys("10.99.0.7");
            assertThat(unexpected(world).get("10.99.0.7"))
                    .startsWith("TargetGroup/")
                    .endsWith(" true");
            assertThat(world.pass().writes()).isZero();

            elb.deregisterTargets(
                    r -> r.targetGroupArn(group).targets(t -> t.id("10.99.0.7").port(8080)));
            world.run(SEARCH);

            assertThat(unexpected(world)).isEmpty();
        }
    }

    @Test
    void filtersThatSendLogsElsewhereAndStatementsThatLetOthersInvokeAreReportedAndStay() {
        try (World world = new World()) {
            String allowed = Docs.document("FunctionPermission", "ours", """
                    'functionName':'${Function/fn.name}','statementId':'ours','action':'lambda:InvokeFunction',
                    'principal':'events.amazonaws.com','sourceAccount':'%s'""".formatted(World.ACCOUNT));
            world.desire(Docs.of(
                            Docs.document("LogGroup", "app", "'logGroupName':'/app'"),
                            FunctionTest.ROLE,
                            FunctionTest.function("x = 1", ""),
                            allowed))
                    .converged();
            world.run(SEARCH);
            assertThat(unexpected(world)).isEmpty();
            CloudWatchLogsClient logs = world.somebody(CloudWatchLogsClient.class);
            logs.putSubscriptionFilter(r -> r.logGroupName("/app")
                    .filterName("theirs")
                    .filterPattern("")
                    .destinationArn("arn:aws:logs:eu-west-2:210987654321:destination:theirs"));
            LambdaClient lambda = world.somebody(LambdaClient.class);
            lambda.addPermission(r -> r.functionName("fn")
                    .statementId("theirs")
                    .action("lambda:InvokeFunction")
                    .principal("210987654321"));

            world.run(SEARCH);

            assertThat(unexpected(world))
                    .as(world.describe())
                    .containsOnly(
                            Map.entry("/app:theirs", "LogGroup/app true"), Map.entry("fn:theirs", "Function/fn true"));
            assertThat(world.view().drift())
                    .flatExtracting(DriftItem::fields)
                    .extracting(FieldChange::words)
                    .anyMatch(words -> words.contains("SubscriptionFilter: /app:theirs"));
            assertThat(world.pass().writes()).isZero();
            assertThat(logs.describeSubscriptionFilters(r -> r.logGroupName("/app"))
                            .subscriptionFilters())
                    .hasSize(1);

            logs.deleteSubscriptionFilter(r -> r.logGroupName("/app").filterName("theirs"));
            world.run(SEARCH);

            assertThat(unexpected(world)).containsOnlyKeys("fn:theirs");
        }
    }

    /** A denied search is reported, keeps the objects that were found before, and makes no resource Unknown. */
    @Test
    void whatCannotBeSearchedForIsToldAndNotForgotten() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.document("LogGroup", "app", "'logGroupName':'/app'")))
                    .converged();
            world.somebody(CloudWatchLogsClient.class)
                    .putSubscriptionFilter(r -> r.logGroupName("/app")
                            .filterName("theirs")
                            .filterPattern("")
                            .destinationArn("arn:aws:logs:eu-west-2:210987654321:destination:theirs"));
            world.run(SEARCH);
            assertThat(unexpected(world)).containsOnlyKeys("/app:theirs");
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("logs:DescribeSubscriptionFilters", new TwinFault.Deny())
                            .by(world.caller()));

            world.run(SEARCH);

            assertThat(unexpected(world)).containsOnlyKeys("/app:theirs");
            assertThat(world.status("LogGroup/app")).isEqualTo(Status.Synced);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("OrphanSearchFailed"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message())
                            .contains("logs:DescribeSubscriptionFilters", "LogGroup in eu-west-2"));
        }
    }

    /** A route of another principal diverts traffic; if the table is not exclusive, the route stays and is reported. */
    @Test
    void routesThatNoDocumentDeclaresAreReportedAndStay() {
        try (World world = new World()) {
            world.desire(Docs.of(
                            Docs.vpc(""),
                            Docs.document("InternetGateway", "main", "'vpcId':'${Vpc/main}'"),
                            Docs.document("RouteTable", "free", "'vpcId':'${Vpc/main}'"),
                            Docs.document("RouteTable", "shared", """
                                    'vpcId':'${Vpc/main}','exclusiveRoutes':false,
                                    'routes':[{'destinationCidrBlock':'0.0.0.0/0','gatewayId':'${InternetGateway/main}'}]""")))
                    .converged();
            assertThat(unexpected(world)).isEmpty();
            String free = String.valueOf(world.resource("RouteTable/free").physicalId());
            String shared = String.valueOf(world.resource("RouteTable/shared").physicalId());
            Ec2Client ec2 = world.somebody(Ec2Client.class);
            String gateway = world.resource("InternetGateway/main").physicalId();
            for (String table : List.of(free, shared)) {
                ec2.createRoute(r ->
                        r.routeTableId(table).destinationCidrBlock("1.2.3.0/24").gatewayId(gateway));
            }

            world.run(Duration.ofMinutes(3));

            assertThat(unexpected(world))
                    .as(world.describe())
                    .containsOnly(
                            Map.entry(free + "/1.2.3.0/24", "RouteTable/free true"),
                            Map.entry(shared + "/1.2.3.0/24", "RouteTable/shared true"));
            assertThat(world.status("RouteTable/shared")).isEqualTo(Status.Synced);
            assertThat(world.pass().writes()).isZero();

            ec2.deleteRoute(r -> r.routeTableId(shared).destinationCidrBlock("1.2.3.0/24"));
            world.run(Duration.ofMinutes(3));

            assertThat(unexpected(world)).containsOnlyKeys(free + "/1.2.3.0/24");
        }
    }

    /** Names of log groups are unique within a region only. */
    @Test
    void filtersOfGroupsOfOneNameInTwoRegionsAreBothReported() {
        try (World world = new World()) {
            world.desire("""
                [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'here'},'spec':{'logGroupName':'/app'}},
                 {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'region':'us-east-1','name':'there'},'spec':{'logGroupName':'/app'}}]
                """).converged();
            for (String region : List.of(World.REGION, "us-east-1")) {
                world.account()
                        .service(region, CloudWatchLogsClient.class)
                        .putSubscriptionFilter(r -> r.logGroupName("/app")
                                .filterName("of-" + region)
                                .filterPattern("")
                                .destinationArn("arn:aws:logs:" + region + ":210987654321:destination:theirs"));
            }

            world.run(SEARCH);

            assertThat(unexpected(world).keySet()).containsExactly("/app:of-" + World.REGION, "/app:of-us-east-1");
        }
    }
}
