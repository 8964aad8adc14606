package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.CloudWatchMetrics;
import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.api.ApiModel;
import dev.holdfast.api.RunningAlerts;
import dev.holdfast.api.StackMetrics;
import dev.holdfast.engine.PassReport;
import dev.holdfast.engine.StackView;
import dev.holdfast.engine.World;
import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** Every representation of a plan shows the same count of steps that wait. */
class OneCountTest {
    private static String network(String cidr) {
        return """
            [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'%s'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'a'},
              'spec':{'vpcId':'${Vpc/main}','description':'a','ingress':[]}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'b'},
              'spec':{'vpcId':'${Vpc/main}','description':'b','ingress':[]}}]
            """.formatted(cidr);
    }

    @Test
    void alertPageCommandAndBothMetricsShowTheSame() {
        try (World world = new World()) {
            // Given: the replacement of the VPC is held, and two groups follow it.
            world.desire(network("10.0.0.0/16")).converged();
            world.desire(network("10.1.0.0/16")).run(Duration.ofMinutes(5));
            StackView view = world.view();

            // When
            WorldAlerts alerts = new WorldAlerts(world);
            alerts.pass();
            SimpleMeterRegistry prometheus = new SimpleMeterRegistry();
            new StackMetrics(prometheus, new RunningAlerts(prometheus))
                    .passed(world.reconciler(), new PassReport(world.clock.instant(), 1, Map.of(), 0, 1));
            CloudWatchClient client = world.strangerOverHttp().client(CloudWatchClient.class);
            new CloudWatchMetrics(client, "inst", alerts.service()::openOf, world.clock, Runnable::run)
                    .tick(List.of(world.reconciler()));

            // Then
            String words = "3 steps wait: 1 is held, 2 follow";
            assertThat(ApiModel.plan(view).heldSteps()).isEqualTo(new ApiModel.HeldStepsJson(1, 2));
            assertThat(ApiModel.stack(view).heldSteps()).isEqualTo(new ApiModel.HeldStepsJson(1, 2));
            assertThat(alerts.sent())
                    .singleElement()
                    .satisfies(a -> assertThat(a.message()).contains(words));
            assertThat(PlanText.text(view, false)).contains(words);
            assertThat(PlanText.markdown(view)).contains(words);
            assertThat(prometheus
                            .get("holdfast.steps.held")
                            .tag("stack", "test")
                            .gauge()
                            .value())
                    .isEqualTo(3);
            assertThat(world.account()
                            .service(World.REGION, TwinCloudWatch.class)
                            .lastValue("Holdfast", "StepsHeld", Map.of("Installation", "inst", "Stack", "test")))
                    .isEqualTo(3.0);
        }
    }
}
