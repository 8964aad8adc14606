package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a process says by its exit code and does with its ports. */
class PackagedCommandsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void aTwinSaysWhereItIsAndTheNextOneThatItsPortIsTaken() throws InterruptedException {
        try (AppProcess twin = AppProcess.start(Map.of(), "twin", "--port", "0")) {
            String endpoint = twin.printed(Pattern.compile("AWS, in memory, at (\\S+)"), PATIENCE);
            int port = URI.create(endpoint).getPort();

            try (AppProcess second = AppProcess.start(Map.of(), "twin", "--port", Integer.toString(port))) {
                assertThat(second.exit(PATIENCE)).isEqualTo(1);
                assertThat(second.output())
                        .isEqualTo("holdfast: port " + port + " is taken; --port chooses another, 0 any that is free");
            }
            assertThat(twin.output()).doesNotContain("Listening on");

            twin.terminate();

            assertThat(twin.exit(PATIENCE)).isIn(0, 143);
        }
    }

    @Test
    void anUnknownCommandExitsWith64AndOpensNoPort() throws InterruptedException {
        try (AppProcess process = AppProcess.start(Map.of(), "reconcil")) {
            assertThat(process.exit(PATIENCE)).isEqualTo(64);
            assertThat(process.output()).contains("holdfast:", "reconcile").doesNotContain("Listening on");
        }
    }

    @Test
    void theDaemonSaysWhatItMisses() throws InterruptedException {
        try (AppProcess process = AppProcess.start(Map.of(), "run", "--port=0")) {
            assertThat(process.exit(PATIENCE)).isEqualTo(64);
            assertThat(process.output()).contains("HOLDFAST_DESIRED_STATE is not set");
        }
    }
}
