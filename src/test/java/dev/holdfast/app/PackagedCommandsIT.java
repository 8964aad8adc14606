package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The exit codes and the ports of a process. */
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

    @Test
    void aDaemonWhosePortIsTakenSaysWhatToDo() throws InterruptedException, IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AppProcess process =
                        AppProcess.start(Map.of(), "run", "--port", Integer.toString(taken.getLocalPort()))) {
            assertThat(process.exit(PATIENCE)).isEqualTo(1);
            assertThat(process.output())
                    .isEqualTo("holdfast: port " + taken.getLocalPort()
                            + " of 127.0.0.1 is in use; choose another with --port, or 0 for any free port");
        }
    }

    /**
     * The SDK finds the modules for SSO by name at run time, so that only the packaged application shows whether they
     * exist.
     */
    @Test
    void aProfileThatSignsInThroughSsoIsUsedAndSaysHowToSignInAgain(@TempDir Path home)
            throws IOException, InterruptedException {
        String start = "https://holdfast.awsapps.com/start";
        Files.createDirectories(home.resolve(".aws/sso/cache"));
        Files.writeString(home.resolve(".aws/config"), """
            [profile work]
            sso_start_url = %s
            sso_region = eu-west-2
            sso_account_id = 123456789012
            sso_role_name = Admin
            """.formatted(start));
        HttpServer portal = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        portal.createContext("/federation/credentials", exchange -> {
            byte[] answer = """
                {"roleCredentials":{"accessKeyId":"123456789012","secretAccessKey":"s","sessionToken":"t","expiration":%d}}
                """.formatted(
                    Instant.now().plus(Duration.ofHours(1)).toEpochMilli()).getBytes(UTF_8);
            boolean signedIn = "token".equals(exchange.getRequestHeaders().getFirst("x-amz-sso_bearer_token"));
            exchange.sendResponseHeaders(signedIn ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        portal.start();
        try (TwinServer twin = TwinServer.start(TwinOptions.defaults())) {
            twin.account("123456789012")
                    .service("eu-west-2", S3Client.class)
                    .createBucket(
                            r -> r.bucket("sso").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
            Map<String, String> environment = Map.of(
                    "HOME",
                    home.toString(),
                    "AWS_PROFILE",
                    "work",
                    "AWS_REGION",
                    "eu-west-2",
                    "AWS_ENDPOINT_URL",
                    twin.endpoint().toString(),
                    "AWS_ENDPOINT_URL_SSO",
                    "http://127.0.0.1:" + portal.getAddress().getPort());
            assertThat(planned(environment))
                    .startsWith("holdfast: ")
                    .contains("run 'aws sso login --profile work'")
                    .hasLineCount(1);

            Files.writeString(home.resolve(".aws/sso/cache/" + sha1(start) + ".json"), """
                {"startUrl":"%s","region":"eu-west-2","accessToken":"token","expiresAt":"2999-01-01T00:00:00Z"}
                """.formatted(start));

            assertThat(planned(environment))
                    .isEqualTo("holdfast: there is no stack dev: there are no objects at s3://sso/desired/");
        } finally {
            portal.stop(0);
        }
    }

    private static String planned(Map<String, String> environment) throws InterruptedException {
        try (AppProcess plan = AppProcess.start(environment, "plan", "s3://sso/desired", "--stack", "dev")) {
            assertThat(plan.exit(PATIENCE)).isEqualTo(1);
            return plan.output();
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The README's first command, and the commands that it prints. */
    @Test
    void theDemoComesUpAndConvergesOnWhatIsPublished(@TempDir Path folder) throws InterruptedException, IOException {
        try (AppProcess demo =
                AppProcess.start(Map.of(), "demo", "--stack", "minimal", "--port", "0", "--aws-port", "0")) {
            demo.printed(Pattern.compile("minimal has converged: (\\d+) resources Synced and Ready"), LONG);
            Map<String, String> environment = new HashMap<>();
            environment.putAll(exported(demo.printed(Pattern.compile("export (AWS_ACCESS_KEY_ID=.*)"), PATIENCE)));
            environment.putAll(exported(demo.printed(Pattern.compile("export (HOLDFAST_SERVER=.*)"), PATIENCE)));
            String publishing = demo.printed(Pattern.compile("\\./holdfast (publish COPY .*) --message"), PATIENCE);
            assertThat(get(environment.get("HOLDFAST_SERVER") + "/api/v1/stacks/minimal"))
                    .contains("\"status\":\"Synced\"");

            copy(Path.of("desired-state/minimal"), folder.resolve("minimal"));
            Path settings = folder.resolve("minimal/stack.json");
            String before = Files.readString(settings);
            String after = before.replace("\"include\"", "\"tags\": { \"Edited\": \"yes\" }, \"include\"");
            assertThat(after).isNotEqualTo(before);
            Files.writeString(settings, after);
            List<String> command = new ArrayList<>(
                    List.of(publishing.replace("COPY", folder.toString()).split(" ")));
            command.addAll(List.of("--message", "why", "--yes"));
            try (AppProcess publish = AppProcess.start(environment, command.toArray(String[]::new))) {
                assertThat(publish.exit(LONG)).as(publish.output()).isZero();
            }

            demo.printed(Pattern.compile("minimal +Vpc/main +UpdateRequested +applies a change: (tags: Edited)"), LONG);
        }
    }

    /** The variables of a printed line {@code export A=1 B=2}. */
    private static Map<String, String> exported(String variables) {
        return Stream.of(variables.split(" "))
                .collect(Collectors.toMap(v -> v.substring(0, v.indexOf('=')), v -> v.substring(v.indexOf('=') + 1)));
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
