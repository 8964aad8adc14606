package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.World;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StackWatcherTest {
    private static final String VPC = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}}]
        """;

    @Test
    void tellsOnceOfEachChange() {
        try (World world = new World().desire(VPC)) {
            StackWatcher watch = new StackWatcher(() -> Map.of("test", world.reconciler()), world.clock);

            assertThat(watch.look()).hasValueSatisfying(news -> {
                assertThat(news.stacks()).containsExactly("test");
                assertThat(news.changed()).containsExactly("test");
                assertThat(news.at()).isEqualTo(world.clock.instant());
            });
            assertThat(watch.look()).isEmpty();
            world.pass();
            assertThat(watch.look())
                    .hasValueSatisfying(news -> assertThat(news.changed()).containsExactly("test"));
            assertThat(watch.look()).isEmpty();
        }
    }

    @Test
    void saysNowAndThenThatThereIsNothingNew() {
        try (World world = new World().desire(VPC)) {
            StackWatcher watch = new StackWatcher(() -> Map.of("test", world.reconciler()), world.clock);
            watch.look();

            for (int i = 1; i < StackWatcher.QUIET; i++) {
                assertThat(watch.look()).isEmpty();
            }
            assertThat(watch.look())
                    .hasValueSatisfying(news -> assertThat(news.changed()).isEmpty());
        }
    }

    @Test
    void tellsOfStacksThatComeAndGo() {
        try (World world = new World().desire(VPC)) {
            Map<String, StackReconciler> stacks = new TreeMap<>();
            StackWatcher watch = new StackWatcher(() -> stacks, world.clock);
            assertThat(watch.look())
                    .hasValueSatisfying(news -> assertThat(news.stacks()).isEmpty());

            stacks.put("test", world.reconciler());
            assertThat(watch.look())
                    .hasValueSatisfying(news -> assertThat(news.stacks()).containsExactly("test"));
            stacks.clear();
            assertThat(watch.look())
                    .hasValueSatisfying(news -> assertThat(news.stacks()).isEqualTo(List.of()));
        }
    }
}
