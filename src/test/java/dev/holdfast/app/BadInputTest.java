package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.twin.TwinFault;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Every command, with every kind of bad input that it takes: one message on the standard error that names the place and the way
 * out, the right exit code, and nothing on the standard output.
 */
@QuarkusTest
class BadInputTest extends CommandsCase {
    private static final String BUCKET = "inputs";
    private static final String TO = "s3://" + BUCKET + "/desired";

    /** The commands by what they take; {@code @} is the input. */
    private static final List<String> DIRECTORIES = List.of(
            "validate @",
            "render @ --stack good",
            "plan @ --stack good",
            "reconcile @ --stack good",
            "publish @ --stack good --to " + TO,
            "policy @ --stack good --desired-state " + TO,
            "demo --desired-state @ --stack good");

    private static final List<String> STACKS = List.of(
            "render GOOD --stack @",
            "plan GOOD --stack @",
            "plan " + TO + " --stack @",
            "reconcile GOOD --stack @",
            "reconcile " + TO + " --stack @",
            "publish GOOD --stack @ --to " + TO,
            "policy GOOD --stack @ --desired-state " + TO,
            "destroy --stack @",
            "rollback --stack @ --to previous",
            "diff previous --stack @",
            "demo --desired-state GOOD --stack @");
    private static final List<String> BUCKETS = List.of(
            "plan @ --stack good",
            "reconcile @ --stack good",
            "publish GOOD --stack good --to @",
            "destroy --stack good");
    private static final List<String> SERVERS = List.of(
            "approve 0123456789abcdef --stack held --server @",
            "retry LogGroup/app --stack held --server @",
            "pause --until 2h --reason x --stack held --server @",
            "resume --stack held --server @",
            "reconcile-now --stack held --server @",
            "resume --server @");
    /** The commands that inspect an installation. */
    private static final List<String> LOOKS = List.of(
            "get --stack held --server @",
            "get stacks --server @",
            "status --server @",
            "describe LogGroup/app --stack held --server @",
            "drift --stack held --server @",
            "events --stack held --server @",
            "revisions --stack held --server @",
            "graph --stack held --server @");

    private static final List<String> REQUESTS =
            Stream.concat(SERVERS.stream(), LOOKS.stream()).toList();
    private static final List<String> STATES = REQUESTS.stream()
            .map(command -> command.replace("--server", "--state"))
            .toList();
    private static final List<String> FOLDERS =
            List.of("schema --out @", "policy GOOD --stack good --desired-state " + TO + " --out @");
    /** The daemon is tried with bad input by the tests of the packaged application; the others take none. */
    private static final Set<String> ELSEWHERE = Set.of("rotate", "run", "twin", "kinds", "completion");

    private String good;

    @BeforeEach
    void inputs() {
        good = directory("good", "", VPC.formatted(1));
        environment.put("HOLDFAST_DESIRED_STATE", TO);
        environment.put("aws.disableEc2Metadata", "true");
        if (installation.aws(software.amazon.awssdk.services.s3.S3Client.class).listBuckets().buckets().stream()
                .noneMatch(b -> b.name().equals(BUCKET))) {
            installation.bucket(BUCKET);
        }
        run("publish", good, "--stack", "good", "--yes", "--to", TO).exits(0);
    }

    @AfterEach
    void noFaults() {
        installation.twin.faults().clear();
    }

    private void each(List<String> commands, String input, int code, String... words) {
        SoftAssertions softly = new SoftAssertions();
        for (String command : commands) {
            String[] args = Arrays.stream(command.split(" "))
                    .map(word -> word.equals("@") ? input : word.equals("GOOD") ? good : word)
                    .toArray(String[]::new);
            Ran ran = run(args);
            String shown = command + " with " + input + "\n" + ran.err();
            softly.assertThat(ran.code()).as(shown).isEqualTo(code);
            softly.assertThat(ran.err())
                    .as(shown)
                    .contains("holdfast: ")
                    .contains(words)
                    .doesNotContain("Exception", "java.", "\tat ", "null", "SdkClient");
            if (!ran.out().isEmpty() || !command.startsWith("validate")) {
                softly.assertThat(ran.out()).as(shown).isEmpty();
                softly.assertThat(ran.err().lines().filter(line -> line.startsWith("holdfast: ")))
                        .as(shown)
                        .hasSize(1);
            }
        }
        softly.assertAll();
    }

    @Test
    void everyCommandIsTried() {
        Set<String> tried = Stream.of(DIRECTORIES, STACKS, BUCKETS, SERVERS, LOOKS, FOLDERS)
                .flatMap(List::stream)
                .map(command -> command.substring(0, command.indexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
        tried.addAll(ELSEWHERE);

        assertThat(tried)
                .isEqualTo(new TreeSet<>(
                        new CommandLine(top, factory).getSubcommands().keySet()));
    }

    @Test
    void directories() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        Path loop = Files.createSymbolicLink(temp.resolve("loop"), temp.resolve("loop"));
        Path empty = Files.createDirectory(temp.resolve("empty"));
        Path garbage = Files.createDirectory(temp.resolve("garbage"));
        Files.writeString(garbage.resolve("stack.json"), "{ \"kind\": \"Stack\",");

        each(DIRECTORIES, temp.resolve("missing").toString(), 1, "there is no directory", "missing");
        each(DIRECTORIES, "x".repeat(300), 1, "xxx");
        each(DIRECTORIES, file.toString(), 1, "is a file, not a directory", file.toString());
        each(DIRECTORIES, loop.toString(), 1, loop.toString());
        each(DIRECTORIES, empty.toString(), 1, "stack", empty.toString());
        each(DIRECTORIES.subList(1, DIRECTORIES.size()), garbage.toString(), 1, "good");
        run("validate", garbage.toString()).exits(1).prints("stack.json:1:");
        environment.put("HOLDFAST_STATE", file.toString());
        each(List.of("plan @ --stack good", "reconcile @ --stack good"), good, 1, file.toString(), "is a file");
        environment.put("HOLDFAST_STATE", "/proc/nowhere");
        each(List.of("reconcile @ --stack good"), good, 1, "/proc/nowhere");
    }

    @Test
    void storedThingsThatAreGarbage() throws IOException {
        Path state = temp.resolve("state");
        run("reconcile", good, "--stack", "good").exits(0);
        for (String name : List.of("stack.json", "revision.json", "resources/Vpc/main.json")) {
            Path file = state.resolve("stacks/good").resolve(name);
            byte[] whole = Files.readAllBytes(file);
            Files.writeString(file, "{garbage");

            each(List.of("plan @ --stack good"), good, 1, file.toString(), "move it away");

            Files.write(file, whole);
        }
    }

    @Test
    void stacks() {
        each(STACKS, "nope", 1, "nope", "good");
        each(STACKS, "../up", 64, "../up", "is not the name of a stack");
    }

    @Test
    void buckets() {
        each(BUCKETS.subList(0, 3), "s3://", 64, "s3://", "bucket");
        each(BUCKETS.subList(0, 3), "s3://not-there/d", 1, "NoSuchBucket", "not-there", "create the bucket");
        each(BUCKETS.subList(0, 2), "s3://" + BUCKET + "/else", 1, "there is no stack good", BUCKET + "/else");
        refuse(403, "AccessDenied", "Access Denied", "bucket " + BUCKET);
        refuse(301, "PermanentRedirect", "must be addressed using the specified endpoint", BUCKET, "set AWS_REGION");
        refuse(400, "ExpiredToken", "The provided token has expired.", "set new credentials");
        refuse(403, "InvalidAccessKeyId", "The AWS Access Key Id does not exist", "set new credentials");
    }

    private void refuse(int status, String code, String message, String... words) {
        installation.twin.faults().add("s3:*", new TwinFault.Refuse(status, code, message));
        each(
                BUCKETS,
                TO,
                1,
                Stream.concat(Stream.of(code, message), Stream.of(words)).toArray(String[]::new));
        installation.twin.faults().clear();
    }

    @Test
    void endpointsAndCredentials() {
        environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        each(BUCKETS, TO, 1, "127.0.0.1:1", "AWS_ENDPOINT_URL");
        environment.put("AWS_ENDPOINT_URL", "not a url");
        each(BUCKETS, TO, 64, "AWS_ENDPOINT_URL must be", "not a url");
        environment.put("AWS_ENDPOINT_URL", installation.twin.endpoint().toString());
        environment.put("aws.region", "");
        each(BUCKETS, TO, 1, "AWS_REGION");
        environment.put("aws.region", Installation.REGION);
        environment.put("aws.accessKeyId", "");
        each(BUCKETS, TO, 1, "there are no AWS credentials", "AWS_PROFILE");
        environment.put("aws.profile", "nosuch");
        each(BUCKETS, TO, 1, "there are no AWS credentials", "the profile nosuch");
    }

    @Test
    void servers() throws IOException {
        each(REQUESTS, "http://127.0.0.1:1", 1, "no daemon answers at http://127.0.0.1:1", "--server");
        each(REQUESTS, "localhost:8080", 64, "--server must be a URL");
        each(REQUESTS, "ftp://x", 64, "--server must be a URL");
        each(
                REQUESTS,
                installation.twin.endpoint().toString(),
                1,
                installation.twin.endpoint().toString());
        for (Map.Entry<Integer, String> answer :
                Map.of(200, "<html>", 502, "", 500, "{\"a\":").entrySet()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = answer.getValue().getBytes(UTF_8);
                exchange.sendResponseHeaders(answer.getKey(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            each(REQUESTS, url, 1, url);
            server.stop(0);
        }
        String daemon = root.toString();
        assertThat(run("resume", "--stack", "a b", "--server", daemon).exits(1).err())
                .contains("404", "a b", "held");
        environment.put("HOLDFAST_API_TOKEN", "wrong");
        each(
                Stream.concat(SERVERS.subList(0, 5).stream(), LOOKS.stream()).toList(),
                daemon,
                1,
                "401",
                "HOLDFAST_API_TOKEN");
    }

    @Test
    void states() throws IOException {
        Path file = Files.writeString(temp.resolve("state-file"), "x");

        each(STATES, temp.resolve("missing").toString(), 1, "there is no directory", "missing");
        each(STATES, file.toString(), 1, file + " is a file, not a directory");
        each(STATES, "s3://", 64, "--state", "s3://", "bucket");
        each(STATES, "s3://not-there/.holdfast", 1, "NoSuchBucket", "not-there", "create the bucket");
        environment.put("AWS_ENDPOINT_URL", "not a url");
        each(STATES, "s3://" + BUCKET + "/.holdfast", 64, "AWS_ENDPOINT_URL must be");
    }

    @Test
    void folders() throws IOException {
        Path file = Files.writeString(temp.resolve("out"), "x");

        each(FOLDERS, file.toString(), 1, file + " is a file, not a directory");
        each(FOLDERS, file + "/below", 1, file.toString());
        each(FOLDERS, "/proc/nowhere", 1, "/proc/nowhere");
    }
}
