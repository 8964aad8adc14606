package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.SkinClub;
import dev.holdfast.engine.World;
import dev.holdfast.model.ResourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The changes that the demo suggests are repaired. The test makes them with the commands that the demo prints. */
class DemoSuggestionsTest {
    @Test
    void everyCommandChangesItsResourceAndIsUndone() throws Exception {
        Programs.onPath("aws");
        try (World world = SkinClub.prod(new World())) {
            world.converged().run(Duration.ofMinutes(10));
            Map<ResourceId, String> commands = DemoSuggestions.breaking(world.view());
            assertThat(commands.keySet().stream().map(ResourceId::kind))
                    .contains("DbParameterGroup", "Distribution", "RecordSet", "SamplingRule", "SecretRotation");
            String environment = DemoSuggestions.environment(world.twin.endpoint(), World.ACCOUNT, World.REGION);

            commands.forEach((resource, command) ->
                    assertThat(run(environment + "; " + command)).as(command).isEqualTo(""));
            // The slow facets are read round robin, and the lists of secrets lag.
            world.run(Duration.ofMinutes(25));

            assertThat(commands.keySet())
                    .allSatisfy(resource -> assertThat(world.view().drift())
                            .as("%s", resource)
                            .filteredOn(item -> item.resource().equals(resource))
                            .isNotEmpty()
                            .allMatch(item -> item.state() == DriftItem.DriftState.Repaired));
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    /** @return the error output of the command; empty if it succeeded */
    private static String run(String command) {
        try {
            Process process = new ProcessBuilder("bash", "-o", "pipefail", "-c", "{ " + command + "; } > /dev/null")
                    .redirectErrorStream(false)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "no end after a minute";
            }
            String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? "" : process.exitValue() + " " + said;
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }
}
