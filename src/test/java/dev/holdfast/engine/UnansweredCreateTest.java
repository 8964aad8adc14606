package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** A create without an answer, of an object whose ownership only the state records. */
class UnansweredCreateTest {
    private static final String DOCUMENTS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Dashboard','metadata':{'name':'d'},
          'spec':{'dashboardName':'ours','dashboardBody':{'widgets':[]}}}]""";

    /** @param takesEffect whether AWS carried the create out before the process ended */
    private static void killed(World world, boolean takesEffect) {
        world.desire(DOCUMENTS);
        world.twin
                .faults()
                .add(TwinFaultRule.on("cloudwatch:PutDashboard", new TwinFault.CutAtWrite(1, takesEffect))
                        .by(world.caller()));
        world.pass();
        assertThat(world.twin.faults().isCutOff(world.caller())).isTrue();
        world.restart();
    }

    private static String body(World world) {
        return world.somebody(CloudWatchClient.class)
                .getDashboard(r -> r.dashboardName("ours"))
                .dashboardBody();
    }

    @Test
    void whatItMadeIsOurs() {
        try (World world = new World()) {
            killed(world, true);
            assertThat(body(world)).contains("widgets");

            world.converged();
            world.desire(Docs.of(Docs.alarm("a", 1))).run(Duration.ofMinutes(5));

            assertThat(world.account().inventory())
                    .as(world.describe())
                    .noneMatch(i -> i.type().equals("cloudwatch:dashboard"));
        }
    }

    @Test
    void whatAStrangerPutThereMeanwhileIsNot() {
        try (World world = new World()) {
            killed(world, false);
            String theirs = "{\"widgets\":[{\"type\":\"text\"}]}";
            world.somebody(CloudWatchClient.class)
                    .putDashboard(r -> r.dashboardName("ours").dashboardBody(theirs));

            world.run(Duration.ofMinutes(10));

            assertThat(world.status("Dashboard/d")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Dashboard/d").reason()).hasToString("NameTaken");
            assertThat(body(world)).isEqualTo(theirs);
        }
    }
}
