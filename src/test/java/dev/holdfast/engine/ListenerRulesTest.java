package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Rules of one listener change their priorities in one call, because separate calls would use one priority twice. */
class ListenerRulesTest {
    private static final String RULE = """
            [{'apiVersion':'holdfast.dev/v1','kind':'ListenerRule','metadata':{'name':'a'},
              'spec':{'listenerArn':'${Listener/main-http}','priority':%d,'conditions':[{'field':'path-pattern','values':['/a/*']}],
                      'actions':[{'type':'fixed-response','fixedResponseConfig':{'statusCode':'404'}}]}},
             {'apiVersion':'holdfast.dev/v1','kind':'ListenerRule','metadata':{'name':'b'},
              'spec':{'listenerArn':'${Listener/main-http}','priority':%d,'conditions':[{'field':'path-pattern','values':['/b/*']}],
                      'actions':[{'type':'fixed-response','fixedResponseConfig':{'statusCode':'404'}}]}}]
            """;

    @Test
    void twoRulesChangePlacesInOneCall() {
        try (World world = new World()) {
            // Given
            world.desireDirectory(Path.of("desired-state"), "dev");
            world.file("base/rules.json", RULE.formatted(41, 42)).converged();
            String a = world.resource("ListenerRule/a").physicalId();
            long before = world.writeCount();

            // When
            world.file("base/rules.json", RULE.formatted(42, 41)).converged();

            // Then
            assertThat(world.writeCount() - before).isEqualTo(1);
            assertThat(world.resource("ListenerRule/a").physicalId()).isEqualTo(a);
            assertThat(world.status("ListenerRule/b")).isEqualTo(Status.Synced);
        }
    }
}
