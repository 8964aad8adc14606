package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.BareService;
import dev.holdfast.engine.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The text form of a plan. */
class PlanTextTest {
    private static String plan(World world, String tag, int percent) {
        world.desire(BareService.documents(tag, percent)).restart().reconciler().plan();
        return PlanText.text(world.view(), false);
    }

    @Test
    void aHeldRolloutIsSaidUntilAStepEndsIt() {
        try (World world = new World()) {
            world.desire(BareService.documents("stable", 200)).converged();
            world.desire(BareService.documents("bad", 200)).run(Duration.ofMinutes(30));

            assertThat(plan(world, "bad", 200)).contains("! EcsService/app is stalled: RolloutHeld");
            // A step that starts no rollout does not end it.
            assertThat(plan(world, "bad", 150))
                    .contains("~ EcsService/app", "! EcsService/app is stalled: RolloutHeld");
            assertThat(plan(world, "stable", 200))
                    .contains(
                            "± TaskDefinition/app", "~ EcsService/app", "Plan: 0 to create, 1 to update, 1 to replace")
                    .doesNotContain("stalled");
        }
    }

    @Test
    void inModeObserveNothingWaitsForAPerson() {
        try (World world = new World()) {
            world.desire(
                            "[{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}}]",
                            "'mode':'Observe',")
                    .reconciler()
                    .plan();

            assertThat(PlanText.text(world.view(), false))
                    .endsWith("Plan: 1 to create, 0 to update, 0 to replace, 0 to delete;"
                            + " the mode is Observe: nothing is written.\n");
        }
    }
}
