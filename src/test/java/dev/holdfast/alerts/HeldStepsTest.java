package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ApiModel;
import dev.holdfast.engine.HeldSteps;
import dev.holdfast.engine.StackView;
import dev.holdfast.engine.World;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All outputs show the same number of waiting steps, and orphaned resources do not hide these steps. */
class HeldStepsTest {
    private static String network(String cidr, String more) {
        return """
            [%s{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'%s'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'a'},
              'spec':{'vpcId':'${Vpc/main}','description':'a','ingress':[]}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'b'},
              'spec':{'vpcId':'${Vpc/main}','description':'b','ingress':[]}}]
            """.formatted(more, cidr);
    }

    @Test
    void alertPageApiAndCommandShowOneCount() {
        try (World world = new World()) {
            world.desire(network(
                            "10.0.0.0/16",
                            "{'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'kept'},'spec':{}},"))
                    .converged();

            world.desire(network("10.1.0.0/16", "")).run(Duration.ofMinutes(5));

            StackView view = world.view();
            assertThat(view.resources().values()).anyMatch(r -> r.status() == Status.Orphaned);
            assertThat(view.status()).isEqualTo("AwaitingApproval");
            assertThat(view.heldSteps()).isEqualTo(new HeldSteps(1, 2));
            assertThat(ApiModel.stack(view).heldSteps()).isEqualTo(new ApiModel.HeldStepsJson(1, 2));
            assertThat(ApiModel.plan(view).heldSteps()).isEqualTo(new ApiModel.HeldStepsJson(1, 2));
            assertThat(AlertRules.update(view, AlertMemory.NONE, Set.of("sink"), world.clock.instant())
                            .alerts())
                    .singleElement()
                    .satisfies(a -> assertThat(a.message())
                            .contains("3 steps wait: 1 is held, 2 follow")
                            .contains("limits.maxReplaces"));
        }
    }

    @Test
    void aStackWithNothingButWhatItKeepsIsSynced() {
        try (World world = new World()) {
            String bucket = "{'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'kept'},'spec':{}},";
            world.desire(network("10.0.0.0/16", bucket)).converged();

            world.desire(network("10.0.0.0/16", "")).converged();

            assertThat(world.status("Bucket/kept")).isEqualTo(Status.Orphaned);
            assertThat(world.view().status()).isEqualTo("Synced");
        }
    }
}
