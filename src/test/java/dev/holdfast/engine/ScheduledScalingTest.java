package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A schedule changes the bounds of a scalable target, and the operator does not repair them. */
class ScheduledScalingTest {
    private static final String WHAT =
            "'serviceNamespace':'dynamodb','scalableDimension':'dynamodb:table:ReadCapacityUnits'";
    private static final String ACTION = """
        ,{'apiVersion':'holdfast.dev/v1','kind':'ScheduledAction','metadata':{'name':'morning'},'spec':{%s,
          'resourceId':'${ScalableTarget/t.resourceId}','schedule':'cron(0 8 ? * MON-FRI *)',
          'scalableTargetAction':{'minCapacity':4}}}
        """.formatted(WHAT);

    private static String documents(int most, String action) {
        return """
            [{'apiVersion':'holdfast.dev/v1','kind':'ScalableTarget','metadata':{'name':'t'},'spec':{%s,
              'resourceId':'table/t','minCapacity':1,'maxCapacity':%d}}%s]
            """.formatted(WHAT, most, action);
    }

    /** Changes the target as Application Auto Scaling does at the scheduled time. */
    private static void morning(World world) {
        world.somebody(ApplicationAutoScalingClient.class)
                .registerScalableTarget(r -> r.serviceNamespace("dynamodb")
                        .resourceId("table/t")
                        .scalableDimension("dynamodb:table:ReadCapacityUnits")
                        .minCapacity(4));
    }

    private static ScalableTarget target(World world) {
        return world.somebody(ApplicationAutoScalingClient.class)
                .describeScalableTargets(r -> r.serviceNamespace("dynamodb"))
                .scalableTargets()
                .getFirst();
    }

    @Test
    void whatAScheduleMovedStaysAndIsNoDrift() {
        try (World world = new World()) {
            world.desire(documents(9, ACTION)).converged();

            morning(world);
            world.run(Duration.ofMinutes(5));

            assertThat(target(world).minCapacity()).isEqualTo(4);
            assertThat(world.status("ScalableTarget/t")).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).isEmpty();
        }
    }

    @Test
    void aBoundThatIsDesiredOtherwiseIsWrittenAllTheSame() {
        try (World world = new World()) {
            world.desire(documents(9, ACTION)).converged();
            morning(world);

            world.desire(documents(12, ACTION)).converged();

            assertThat(target(world).maxCapacity()).isEqualTo(12);
            assertThat(target(world).minCapacity()).isEqualTo(4);
        }
    }

    @Test
    void withoutAScheduleTheBoundsArePutBack() {
        try (World world = new World()) {
            world.desire(documents(9, "")).converged();

            morning(world);
            world.run(Duration.ofMinutes(2));

            assertThat(target(world).minCapacity()).isEqualTo(1);
        }
    }

    private static final String SERVICE = "'serviceNamespace':'ecs','scalableDimension':'ecs:service:DesiredCount'";

    private static String service(int maximumPercent, String action) {
        String documents = BareService.documents("1", maximumPercent).strip();
        return documents.substring(0, documents.length() - 1) + """
                ,{'apiVersion':'holdfast.dev/v1','kind':'ScalableTarget','metadata':{'name':'t'},'spec':{%1$s,
                  'resourceId':'${EcsService/app.resourceId}','minCapacity':2,'maxCapacity':6}}%2$s]
                """.formatted(SERVICE, action);
    }

    private static final String EVENING = """
            ,{'apiVersion':'holdfast.dev/v1','kind':'ScheduledAction','metadata':{'name':'evening'},'spec':{%s,
              'resourceId':'${ScalableTarget/t.resourceId}','schedule':'cron(0 20 ? * * *)',
              'scalableTargetAction':{'minCapacity':0,'maxCapacity':0}}}
            """.formatted(SERVICE);

    /**
     * Changes the target and the service as Application Auto Scaling does at the scheduled time.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-policy-overview.html">How
     *     scheduled scaling works</a>
     */
    private static void scheduled(World world, int least, int most, int count) {
        String service = service(world);
        world.somebody(ApplicationAutoScalingClient.class)
                .registerScalableTarget(r -> r.serviceNamespace("ecs")
                        .resourceId(service)
                        .scalableDimension("ecs:service:DesiredCount")
                        .minCapacity(least)
                        .maxCapacity(most));
        String[] parts = service.split("/");
        world.somebody(EcsClient.class)
                .updateService(r -> r.cluster(parts[1]).service(parts[2]).desiredCount(count));
    }

    /** {@code service/CLUSTER/SERVICE} */
    private static String service(World world) {
        return String.valueOf(world.resource("EcsService/app").outputs().get("resourceId"));
    }

    private static int count(World world) {
        String[] parts = service(world).split("/");
        return world.somebody(EcsClient.class)
                .describeServices(r -> r.cluster(parts[1]).services(parts[2]))
                .services()
                .getFirst()
                .desiredCount();
    }

    @Test
    void aServiceKeepsTheNumberOfTasksThatASchedulePermits() {
        try (World world = new World()) {
            world.desire(service(200, EVENING)).converged();
            assertThat(count(world)).isEqualTo(2);

            scheduled(world, 0, 0, 0);
            world.run(Duration.ofMinutes(10));
            assertThat(count(world)).as(world.describe()).isZero();
            assertThat(world.view().drift()).isEmpty();

            world.desire(service(150, EVENING)).converged();
            assertThat(count(world)).as("an update of another field").isZero();
        }
    }

    @Test
    void aServiceOutsideTheScheduledBoundsReturnsToTheNearestOne() {
        try (World world = new World()) {
            world.desire(service(200, EVENING)).converged();

            scheduled(world, 0, 1, 4);
            world.run(Duration.ofMinutes(10));

            assertThat(count(world)).as(world.describe()).isEqualTo(1);
        }
    }

    @Test
    void aRolloutKeepsTheNumberOfTasksThatScalingHasSet() {
        try (World world = new World()) {
            world.desire(service(200, "")).converged();
            scheduled(world, 2, 6, 5);

            world.desire(service(150, "").replace("nginx:1'", "nginx:2'")).converged();

            assertThat(count(world)).isEqualTo(5);
        }
    }

    @Test
    void withoutAScheduleTheBoundsOfTheDocumentHold() {
        try (World world = new World()) {
            world.desire(service(200, "")).converged();

            scheduled(world, 0, 0, 0);
            world.run(Duration.ofMinutes(10));

            assertThat(count(world)).as(world.describe()).isEqualTo(2);
        }
    }
}
