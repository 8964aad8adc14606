package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;

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
}
