package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.engine.SkinClub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the resident memory of the packaged daemon with the image's options, as a task of 0.5 vCPU and 1 GB: it creates
 * prod with n services in a twin that is another process, and then keeps it for a dozen passes. Takes some minutes.
 */
@EnabledIfSystemProperty(named = "holdfast.memory", matches = "\\d+")
class MemoryIT {
    private static final int SERVICES = Integer.getInteger("holdfast.memory", 100);
    private static final long MOST_MB = Long.getLong("holdfast.memory.most", 320);
    private static final int PASSES = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Path DESIRED = Path.of("desired-state");
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    /** The processors and the memory that the JVM would find in the task. */
    private static final List<String> TASK = List.of("-XX:ActiveProcessorCount=1", "-XX:MaxRAM=1g");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void aHundredServicesFit() throws IOException, InterruptedException {
        desire();
        Path cache = cache();
        try (AppProcess twin = AppProcess.start(Map.of(), "twin", "--port", "0", "--speed", "60")) {
            String endpoint = twin.printed(Pattern.compile("AWS, in memory, at (\\S+)"), PATIENCE);
            try (AppProcess daemon = daemon(endpoint, cache)) {
                URI api = URI.create(daemon.printed(Pattern.compile("Listening on: (http://[^\\s\"]+)"), PATIENCE));
                passes(api, daemon, 1);
                long created = memory(daemon, "VmRSS");

                passes(api, daemon, PASSES);

                long kept = memory(daemon, "VmRSS");
                long peak = memory(daemon, "VmHWM");
                System.out.printf(
                        "resident memory at %d services (%d resources): %d MB after they were created, %d MB after %d"
                                + " more passes, %d MB at the most; %s%n",
                        SERVICES, resources(api), created, kept, PASSES, peak, jvm(api));
                assertThat(peak).isLessThanOrEqualTo(MOST_MB);
            }
        }
    }

    /** Publishes the repository's prod with n services instead of its own, and with an interval for tests. */
    private void desire() throws IOException {
        Path desired = folder.resolve("desired");
        for (String part : List.of("base", "prod")) {
            try (Stream<Path> files = Files.walk(DESIRED.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = desired.resolve(DESIRED.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        try (Stream<Path> services = Files.list(desired.resolve("base/services"))) {
            for (Path service : services.toList()) {
                Files.delete(service);
            }
        }
        Files.writeString(
                desired.resolve("base/services/all.json"), SkinClub.services(SERVICES, "${params.images.api}"));
        Files.writeString(desired.resolve("base/monitoring.json"), SkinClub.monitoring());
        Path stack = desired.resolve("prod/stack.json");
        Files.writeString(
                stack,
                Files.readString(stack)
                        .replace("\"PT1M\"", "\"PT10S\", \"limits\": { \"maxUpdates\": 9999, \"maxRollouts\": 9999 }")
                        .replaceFirst("\"patches\": \\[.*?],", ""));
    }

    /** The cache of classes, created as the Dockerfile creates it. */
    private Path cache() throws IOException, InterruptedException {
        Path cache = folder.resolve("holdfast.aot").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(AppProcess.java(), "@" + AppProcess.OPTIONS_OF_IMAGE));
        command.addAll(TASK);
        command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-jar", JAR.toString(), "kinds"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("aot.log").toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        assertThat(cache).exists();
        return cache;
    }

    private AppProcess daemon(String endpoint, Path cache) throws IOException {
        List<String> options = new ArrayList<>(List.of("@" + AppProcess.OPTIONS_OF_IMAGE));
        options.addAll(TASK);
        options.add("-XX:AOTCache=" + cache);
        Map<String, String> environment = new HashMap<>(imageEnvironment());
        environment.put("AWS_ENDPOINT_URL", endpoint);
        environment.put("AWS_REGION", "eu-west-2");
        environment.put("AWS_ACCESS_KEY_ID", "123456789012");
        environment.put("AWS_SECRET_ACCESS_KEY", "secret");
        environment.put("HOLDFAST_DESIRED_STATE", folder.resolve("desired").toString());
        environment.put("HOLDFAST_API_TOKEN", "memory");
        environment.put("HOLDFAST_STATE", folder.resolve("state").toString());
        return AppProcess.start(options, environment, "run", "--port", "0");
    }

    /** The variables that the Dockerfile sets, except the address and the path of the options in the image. */
    private static Map<String, String> imageEnvironment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        Matcher set =
                Pattern.compile("(?m)^(?:ENV| {3}) ([A-Z_]+)=(\\S+)").matcher(Files.readString(Path.of("Dockerfile")));
        while (set.find()) {
            environment.put(set.group(1), set.group(2));
        }
        assertThat(environment).containsKey("HOLDFAST_LOG");
        environment.remove("QUARKUS_HTTP_HOST");
        assertThat(environment.remove("JDK_JAVA_OPTIONS"))
                .isEqualTo("\"@/holdfast/" + AppProcess.OPTIONS_OF_IMAGE.getFileName() + "\"");
        return environment;
    }

    /** Waits until all is in sync, and then for so many passes. */
    private static void passes(URI api, AppProcess daemon, int count) {
        String[] last = {""};
        int[] seen = {0};
        await("%d passes over %d services; output:%n%s".formatted(count, SERVICES, daemon.output()))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    JsonNode stack = get(api, "/api/v1/stacks").at("/items/0");
                    String pass = stack.at("/lastPass/startedAt").asText();
                    assertThat(stack.path("status").asText())
                            .as("%s", stack.path("revisionErrors"))
                            .isNotEqualTo("Refused");
                    if (stack.path("status").asText().equals("Synced") && !pass.equals(last[0])) {
                        last[0] = pass;
                        seen[0]++;
                    }
                    return seen[0] > count;
                });
    }

    private static int resources(URI api) {
        return get(api, "/api/v1/stacks")
                .at("/items/0/counts")
                .valueStream()
                .mapToInt(JsonNode::asInt)
                .sum();
    }

    private static long memory(AppProcess process, String what) throws IOException {
        Matcher line = Pattern.compile(what + ":\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1)) / 1024;
    }

    /** The parts of the memory, according to the JVM's own metrics. */
    private static String jvm(URI api) {
        String metrics = text(api, "/q/metrics");
        return "heap %d MB, metaspace %d MB, %d classes, %d threads"
                .formatted(
                        sum(metrics, "jvm_memory_committed_bytes\\{area=\"heap\"") >> 20,
                        sum(metrics, "jvm_memory_committed_bytes\\{area=\"nonheap\",id=\"(?:Metaspace|Comp)") >> 20,
                        sum(metrics, "jvm_classes_loaded_classes"),
                        sum(metrics, "jvm_threads_live_threads"));
    }

    private static long sum(String metrics, String name) {
        Matcher values = Pattern.compile("(?m)^" + name + ".* ([0-9.E]+)$").matcher(metrics);
        double sum = 0;
        while (values.find()) {
            sum += Double.parseDouble(values.group(1));
        }
        return (long) sum;
    }

    private static JsonNode get(URI server, String path) {
        try {
            return JSON.readTree(text(server, path));
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }

    private static String text(URI server, String path) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                            HttpRequest.newBuilder(server.resolve(path))
                                    .header("Authorization", "Bearer memory")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }
}
