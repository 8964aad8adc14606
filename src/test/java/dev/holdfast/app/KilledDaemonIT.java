package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.RateLimits;
import dev.holdfast.aws.TestClients;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Publisher;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.store.ObjectStores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The packaged daemon is killed with SIGKILL at seeded writes, to AWS and to its state, before and after they take
 * effect, and started again. The result equals that of an undisturbed daemon: no duplicate, no orphan, no replacement.
 * The twin is a process of its own, and each case has its own account in it.
 */
@Isolated("it runs seven daemons at once")
class KilledDaemonIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** One HTTP client for all cases: each client has threads of its own, and there are a hundred requests a second. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final long SEED = Long.getLong("holdfast.seed", 20261125);
    private static final int CASES = Integer.getInteger("holdfast.kill9", 6);
    /**
     * All resources have unique names: after a create that was cut off, a resource without one waits five minutes of
     * real time.
     */
    private static final Path STACK = Path.of("src/test/resources/killed");

    private static final String REGION = "eu-west-2";
    /** Long enough for a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Pattern TWIN = Pattern.compile("AWS, in memory, at (\\S+)");
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://\\S+)");

    private URI twin = URI.create("http://127.0.0.1");

    /** @param write the number of the daemon's write at which it is killed; 0: the daemon is not killed */
    private record Kill(String account, int write, boolean takesEffect, String app) {
        @Override
        public String toString() {
            return app + " write " + write + (takesEffect ? " after" : " before") + " it took effect";
        }
    }

    @Test
    void noKillLeavesATrace() throws Exception {
        List<Kill> kills = kills();
        try (AppProcess process = AppProcess.start(Map.of(), "twin", "--port", "0", "--speed", "60")) {
            twin = URI.create(process.printed(TWIN, PATIENCE));
            warmUp();
            for (Kill kill : kills) {
                publish(kill);
            }
            post("settings", "{\"delays\":{\"VISIBLE\":\"PT2S\"}}");

            Map<Kill, Map<String, Long>> found = run(kills);

            Map<String, Long> expected = found.get(kills.getFirst());
            System.out.println(
                    "kill -9: " + (found.size() - 1) + " cases, seed " + SEED + ": " + kills.subList(1, kills.size()));
            assertThat(expected).hasSizeGreaterThan(10);
            found.forEach((kill, counts) ->
                    assertThat(counts).as("%s, seed %d", kill, SEED).isEqualTo(expected));
        }
    }

    /** The first case is the undisturbed daemon. */
    private static List<Kill> kills() {
        Random random = new Random(SEED);
        List<Kill> kills = new ArrayList<>();
        kills.add(new Kill("100000000000", 0, false, "holdfast"));
        for (int i = 1; i <= CASES; i++) {
            String app = i % 3 == 0 ? "holdfast-state" : "holdfast";
            kills.add(new Kill("10000000%04d".formatted(i), 1 + random.nextInt(15), random.nextBoolean(), app));
        }
        return kills;
    }

    private Map<Kill, Map<String, Long>> run(List<Kill> kills) throws InterruptedException, ExecutionException {
        Map<Kill, Map<String, Long>> found = new HashMap<>();
        // All cases run at once, because most of the time is spent waiting for the lease of the killed daemon to
        // expire.
        try (ExecutorService threads = Executors.newFixedThreadPool(kills.size())) {
            List<Callable<Map<String, Long>>> tasks = new ArrayList<>();
            kills.forEach(kill -> tasks.add(() -> run(kill)));
            List<Future<Map<String, Long>>> futures = threads.invokeAll(tasks);
            for (int i = 0; i < kills.size(); i++) {
                found.put(kills.get(i), futures.get(i).get());
            }
        }
        return found;
    }

    /** @return the resulting objects, by type and owner */
    private Map<String, Long> run(Kill kill) throws InterruptedException {
        Set<String> before = new TreeSet<>();
        if (kill.write() > 0) {
            String caller = key(kill, 1);
            post("faults", """
                {"rules":[{"operation":"*","caller":"%s","app":"%s",
                           "fault":{"type":"CutAtWrite","n":%d,"takesEffect":%b}}]}
                """.formatted(caller, kill.app(), kill.write(), kill.takesEffect()));
            try (AppProcess daemon = daemon(kill, 1)) {
                await(kill.toString())
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> get(twin, "/_twin/cut-off?caller=" + caller)
                                .path("cutOff")
                                .asBoolean());
                daemon.kill();
            }
            before.addAll(owned(kill));
        }
        try (AppProcess daemon = daemon(kill, 2)) {
            URI api = URI.create(daemon.printed(LISTENING, PATIENCE));
            try {
                await(kill.toString())
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(300))
                        .until(() -> converged(api));
            } catch (org.awaitility.core.ConditionTimeoutException e) {
                throw new AssertionError(kill + ", seed " + SEED + ":\n" + daemon.output(), e);
            }
            assertThat(owned(kill))
                    .as("%s, seed %d: nothing is replaced", kill, SEED)
                    .containsAll(before);
            return counts(kill);
        }
    }

    private static boolean converged(URI api) {
        JsonNode items = get(api, "/api/v1/stacks/killed/resources").path("items");
        for (JsonNode resource : items) {
            JsonNode status = resource.path("status");
            if (!status.path("status").asText().equals("Synced")
                    || !status.path("conditions")
                            .path(0)
                            .path("status")
                            .asText()
                            .equals("True")) {
                return false;
            }
        }
        return !items.isEmpty();
    }

    private AppProcess daemon(Kill kill, int incarnation) {
        return AppProcess.start(
                Map.of(
                        "AWS_ENDPOINT_URL",
                        twin.toString(),
                        "AWS_REGION",
                        REGION,
                        "AWS_ACCESS_KEY_ID",
                        key(kill, incarnation),
                        "AWS_SECRET_ACCESS_KEY",
                        "secret",
                        "HOLDFAST_API_TOKEN",
                        "killed",
                        "HOLDFAST_DESIRED_STATE",
                        "s3://" + bucket(kill) + "/desired"),
                "run",
                "--port",
                "0");
    }

    /** On a busy machine, a new process loads classes during its first call for longer than a client waits. */
    private void warmUp() {
        try (ClientFactory factory = publisher("100000000000")) {
            S3Client s3 = factory.of("", REGION, null).client(S3Client.class);
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .until(() -> s3.listBuckets().buckets().isEmpty());
        }
    }

    private ClientFactory publisher(String account) {
        return new ClientFactory(TestClients.config(twin, "PUBLISHER-" + account, "publisher", RateLimits.none()));
    }

    private static String key(Kill kill, int incarnation) {
        return "RUN" + incarnation + "-" + kill.account();
    }

    private static String bucket(Kill kill) {
        return "operator-" + kill.account();
    }

    /** The stack in the account of this case. */
    private void publish(Kill kill) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String name : List.of("stack.json", "docs.json")) {
            String text = Files.readString(STACK.resolve(name)).replace("123456789012", kill.account());
            files.put("killed/" + name, text.getBytes(StandardCharsets.UTF_8));
        }
        LoadResult loaded = new DesiredCompiler(TestKinds.all()).compile(files).get("killed");
        try (ClientFactory factory = publisher(kill.account())) {
            S3Client s3 = factory.of("", REGION, null).client(S3Client.class);
            s3.createBucket(r -> r.bucket(bucket(kill)).createBucketConfiguration(c -> c.locationConstraint(REGION)));
            Publisher.publish(
                    ObjectStores.open("s3://" + bucket(kill) + "/desired", () -> s3),
                    ((LoadResult.ValidRevision) loaded).revision(),
                    "test",
                    "first",
                    null,
                    Clock.systemUTC());
        }
    }

    /**
     * The number of objects by type and owner. Objects that AWS created count too, except those that AWS creates and
     * deletes with tasks.
     */
    private Map<String, Long> counts(Kill kill) {
        Map<String, Long> counts = new TreeMap<>();
        inventory(kill).forEach(item -> {
            String type = item.path("type").asText();
            if (!type.startsWith("ec2:network-interface") && !type.startsWith("ecs:task/")) {
                counts.merge(
                        type + " " + item.path("tags").path("holdfast:resource").asText("-"), 1L, Long::sum);
            }
        });
        return counts;
    }

    private Set<String> owned(Kill kill) {
        Set<String> ids = new TreeSet<>();
        inventory(kill).forEach(item -> {
            if (item.path("tags").has("holdfast:resource")) {
                ids.add(item.path("id").asText());
            }
        });
        return ids;
    }

    private List<JsonNode> inventory(Kill kill) {
        List<JsonNode> items = new ArrayList<>();
        get(twin, "/_twin/inventory?account=" + kill.account())
                .path("items")
                .forEach(listed -> items.add(listed.path("item")));
        return items;
    }

    private void post(String what, String body) {
        JsonNode answer = send(HttpRequest.newBuilder(twin.resolve("/_twin/" + what))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(answer.has("detail")).as(answer.toString()).isFalse();
    }

    private static JsonNode get(URI server, String path) {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer killed")
                .build());
    }

    private static JsonNode send(HttpRequest request) {
        try {
            return JSON.readTree(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(request.toString(), e);
        }
    }
}
