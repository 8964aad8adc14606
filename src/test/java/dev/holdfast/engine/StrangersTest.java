package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.kinds.elbv2.TargetGroups;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** An object that is not ours is never written, deleted or tagged, whatever its name and tags are. */
class StrangersTest {
    private static final List<Map<String, String>> OWNERS = List.of(
            Map.of("holdfast:stack", "other/prod", "holdfast:resource", "Vpc/main", "Project", "SkinClubPro"),
            Map.of("holdfast:stack", "inst/dev", "holdfast:resource", "Role/api-task", "Project", "SkinClubPro"),
            Map.of("Project", "SkinClubPro"));

    /** A subnet, a group, a table, a target group, a rule, a filter, a service, and a scheduled action. */
    private static final int MOVED_IN = 8;

    private static final List<String> OTHERS = List.of("api", "identity", "bookings", "payments", "media");

    @Test
    void threeHundredLookAlikesOfEveryKindStayByteForByte() {
        try (World world = new World()) {
            // Given
            Map<String, Set<String>> made = new TreeMap<>();
            for (int i = 0; i < 12; i++) {
                LookAlikes.in(world, OWNERS.get(i % OWNERS.size()), "prod-api-" + i)
                        .forEach((kind, ids) ->
                                made.computeIfAbsent(kind, k -> new HashSet<>()).addAll(ids));
            }
            assertThat(made.keySet())
                    .as("kinds that have a look-alike")
                    .isEqualTo(TestKinds.all().all().keySet());
            assertThat(made.values().stream().flatMap(Set::stream).filter(id -> !LookAlikes.exists(world, id)))
                    .as("look-alikes that do not exist in AWS")
                    .isEmpty();
            world.clock.advance(Duration.ofMinutes(30));
            Map<String, String> before = new TreeMap<>(LookAlikes.details(world));
            assertThat(before).hasSizeGreaterThanOrEqualTo(300);

            SkinClub.prod(world).unlimited().converged();
            Set<String> oursOrTheirs = LookAlikes.details(world).keySet();
            movedIn(world, OWNERS.get(1));
            world.run(Duration.ofMinutes(10));
            Map<String, String> within = LookAlikes.details(world);
            within.keySet().removeAll(oursOrTheirs);
            within.keySet().removeIf(id -> id.startsWith("ec2:network-interface") || id.startsWith("ecs:task/"));
            assertThat(within).hasSize(MOVED_IN);
            before.putAll(within);

            // When
            world.run(Duration.ofMinutes(90));
            world.file("base/services/notifications.json", null).reconciler().requestFull();
            world.run(Duration.ofMinutes(20));

            // Then
            assertThat(world.owned()).containsKey("EcsService/api").doesNotContainKey("EcsService/notifications");
            assertThat(kept(world, before)).isEqualTo(before);
        }
    }

    /**
     * A VPC, a listener, a cluster and a scalable target may contain objects of others, if these objects have a kind of
     * their own. (Rules of a security group, subscriptions of a topic and routes of a table are fields of ours: another
     * rule is drift, and not a stranger's object.)
     */
    private static void movedIn(World world, Map<String, String> tags) {
        String vpc = id(world, "Vpc/main");
        String cluster = id(world, "EcsCluster/main");
        Ec2Client ec2 = world.somebody(Ec2Client.class);
        String subnet = ec2.createSubnet(
                        r -> r.vpcId(vpc).cidrBlock("10.30.255.0/24").availabilityZone(World.REGION + "a"))
                .subnet()
                .subnetId();
        String group = ec2.createSecurityGroup(
                        r -> r.vpcId(vpc).groupName("prod-main-theirs").description("theirs"))
                .groupId();
        String table = ec2.createRouteTable(r -> r.vpcId(vpc)).routeTable().routeTableId();
        ec2.associateRouteTable(r -> r.routeTableId(table).subnetId(subnet));
        String targets = TargetGroups.create(world.somebody(ElasticLoadBalancingV2Client.class), vpc, "prod-theirs");
        LookAlikes.rule(world, id(world, "Listener/main-https"), targets, tags);
        LookAlikes.filter(world, id(world, "LogGroup/api"), "prod-api-theirs");
        // A service in our cluster whose name begins as ours do, with our task definition and without our load
        // balancer.
        EcsClient ecs = world.somebody(EcsClient.class);
        String definition = id(world, "TaskDefinition/api");
        ecs.createService(r -> r.cluster(cluster)
                .serviceName("prod-api-theirs")
                .taskDefinition(definition)
                .desiredCount(1)
                .launchType(LaunchType.FARGATE)
                .networkConfiguration(
                        n -> n.awsvpcConfiguration(v -> v.subnets(subnet).securityGroups(group))));
        // ecs/service/<cluster>/<service>/<dimension>
        String target = id(world, "ScalableTarget/api").replaceFirst("^ecs/(.*)/[^/]*$", "$1");
        world.somebody(ApplicationAutoScalingClient.class)
                .putScheduledAction(r -> r.serviceNamespace(ServiceNamespace.ECS)
                        .scalableDimension(ScalableDimension.ECS_SERVICE_DESIRED_COUNT)
                        .resourceId(target)
                        .scheduledActionName("prod-api-theirs")
                        .schedule("cron(0 22 * * ? *)")
                        .scalableTargetAction(a -> a.minCapacity(2)));
    }

    @Test
    void aTakenNameStallsWhatWantsItAndWhatNeedsThatWaits() {
        try (World world = new World()) {
            world.somebody(CloudWatchLogsClient.class)
                    .createLogGroup(r -> r.logGroupName("/skin-club-pro/prod/notifications"));
            Map<String, String> before = LookAlikes.details(world);

            SkinClub.prod(world)
                    .runUntil(() -> OTHERS.stream().allMatch(s -> synced(world, s)), Duration.ofMinutes(30))
                    .pass();

            assertThat(world.resource("LogGroup/notifications").reason())
                    .as(world.describe())
                    .hasToString("NameTaken");
            Map<String, Status> others = world.view().resources().values().stream()
                    .filter(r -> r.status() != Status.Synced)
                    .collect(Collectors.toMap(r -> r.id().toString(), ResourceView::status));
            assertThat(others.remove("LogGroup/notifications")).isEqualTo(Status.Stalled);
            assertThat(others).allSatisfy((id, status) -> {
                assertThat(status).as(id).isEqualTo(Status.Waiting);
                assertThat(world.view().resources().get(ResourceId.parse(id)).owner())
                        .as(id)
                        .isEqualTo(ResourceId.parse("Service/notifications"));
            });
            assertThat(others).containsKey("EcsService/notifications");
            assertThat(kept(world, before)).isEqualTo(before);
        }
    }

    private static boolean synced(World world, String service) {
        ResourceView view = world.view().resources().get(ResourceId.parse("EcsService/" + service));
        return view != null && view.status() == Status.Synced;
    }

    private static String id(World world, String resource) {
        return String.valueOf(world.resource(resource).physicalId());
    }

    /** The present details of the objects that existed before. */
    private static Map<String, String> kept(World world, Map<String, String> before) {
        Map<String, String> now = LookAlikes.details(world);
        now.keySet().retainAll(before.keySet());
        return now;
    }
}
