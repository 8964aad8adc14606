package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes and the ports of a process. */
@Tag("packaged")
class PackagedCommandsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Long enough for a long command on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void aTwinSaysWhereItIsAndTheNextOneThatItsPortIsTaken() throws InterruptedException {
        try (AppProcess twin = AppProcess.start(Map.of(), "twin", "--port", "0")) {
            String endpoint = twin.printed(Pattern.compile("AWS, in memory, at (\\S+)"), PATIENCE);
            int port = URI.create(endpoint).getPort();

            try (AppProcess second = AppProcess.start(Map.of(), "twin", "--port", Integer.toString(port))) {
                assertThat(second.exit(PATIENCE)).isEqualTo(1);
                assertThat(second.output())
                        .isEqualTo("holdfast: port " + port
                                + " is in use; choose another with --port, or 0 for any free port");
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

    /** The README's first command, and the commands that it prints. */
    @Test
    void theDemoComesUpAndConvergesOnWhatIsPublished(@TempDir Path folder) throws InterruptedException, IOException {
        try (AppProcess demo =
                AppProcess.start(Map.of(), "demo", "--stack", "minimal", "--port", "0", "--aws-port", "0")) {
            demo.printed(Pattern.compile("minimal has converged: (\\d+) resources Synced and Ready"), LONG);
            String endpoint = demo.printed(Pattern.compile("AWS_ENDPOINT_URL=(\\S+)"), PATIENCE);
            String to = demo.printed(Pattern.compile("publish COPY --stack minimal --to (\\S+)"), PATIENCE);
            String status = demo.printed(Pattern.compile("Listening on: (http://\\S+)"), PATIENCE);
            assertThat(get(status + "/api/v1/stacks/minimal")).contains("\"status\":\"Synced\"");

            copy(Path.of("desired-state/minimal"), folder.resolve("minimal"));
            Path settings = folder.resolve("minimal/stack.json");
            String before = Files.readString(settings);
            String after = before.replace("\"include\"", "\"tags\": { \"Edited\": \"yes\" }, \"include\"");
            assertThat(after).isNotEqualTo(before);
            Files.writeString(settings, after);
            try (AppProcess publish = AppProcess.start(
                    Map.of(
                            "AWS_ACCESS_KEY_ID", "123456789012",
                            "AWS_SECRET_ACCESS_KEY", "x",
                            "AWS_REGION", "eu-west-2",
                            "AWS_ENDPOINT_URL", endpoint),
                    "publish",
                    folder.toString(),
                    "--stack",
                    "minimal",
                    "--to",
                    to)) {
                assertThat(publish.exit(LONG)).as(publish.output()).isZero();
            }

            demo.printed(Pattern.compile("minimal +Vpc/main +UpdateRequested +applies a change: (/tags/Edited)"), LONG);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
