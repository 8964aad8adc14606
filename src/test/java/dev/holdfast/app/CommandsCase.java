package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.KeptView;
import dev.holdfast.engine.StackView;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The common part of tests of the commands: a user's environment, a directory for the desired state, and a running
 * daemon.
 */
abstract class CommandsCase extends ApplicationCase {
    static final String STATE = "s3://installation/.holdfast";
    static final ObjectMapper JSON = new ObjectMapper();
    static final String VPC = """
        {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.%d.0.0/16'}}
        """;
    static final String LOGS = """
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},
         'spec':{'logGroupName':'%s','retentionInDays':%d}}
        """;

    @Inject
    TopCommand top;

    @Inject
    CommandLine.IFactory factory;

    @TempDir
    Path temp;

    Installation installation;
    final Map<String, String> environment = new HashMap<>();

    record Ran(int code, String out, String err) {
        Ran exits(int expected) {
            assertThat(code).as(out + err).isEqualTo(expected);
            assertThat(err).doesNotContain("\tat ");
            return this;
        }

        Ran prints(String... words) {
            for (String word : words) {
                assertThat(out).contains(word);
            }
            return this;
        }

        Ran complains(String... words) {
            for (String word : words) {
                assertThat(err).contains(word);
            }
            return this;
        }
    }

    @BeforeEach
    void start() {
        installation = Installation.running(this);
        environment.putAll(installation.environment());
        environment.put("HOLDFAST_API_TOKEN", Installation.TOKEN);
        environment.put("HOLDFAST_STATE", temp.resolve("state").toString());
        environment.put("HOLDFAST_INSTALLATION", "cli");
    }

    Ran run(String... args) {
        return runInto(new StringWriter(), args);
    }

    /** Runs the command; another thread may read its output meanwhile. */
    Ran runInto(StringWriter out, String... args) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.line(top, factory)
                .setOut(SafeWriter.on(out))
                .setErr(SafeWriter.on(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        try (Installation.Properties ignored = new Installation.Properties(environment)) {
            return new Ran(line.execute(args), out.toString(), err.toString());
        }
    }

    /** Runs the command against the daemon. */
    Ran ask(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--server=" + root);
        return run(all.toArray(String[]::new));
    }

    /** Runs the command against the daemon ("server"), or against its state. */
    Ran look(String way, String... args) {
        return look(new StringWriter(), way, args);
    }

    Ran look(StringWriter out, String way, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(way.equals("server") ? "--server=" + root : "--state=" + STATE);
        return runInto(out, all.toArray(String[]::new));
    }

    void keep(String stack, JsonNode view) {
        installation
                .aws(S3Client.class)
                .putObject(
                        r -> r.bucket("installation").key(".holdfast/" + KeptView.key(stack)),
                        RequestBody.fromString(view.toString()));
    }

    /** The view of a stack in the daemon's state; null: there is none yet. */
    JsonNode kept(String stack) {
        try {
            return JSON.readTree(installation
                    .aws(S3Client.class)
                    .getObjectAsBytes(r -> r.bucket("installation").key(".holdfast/" + KeptView.key(stack)))
                    .asByteArray());
        } catch (NoSuchKeyException e) {
            return JSON.nullNode();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String directory(String stack, String settings, String documents) {
        Path directory = temp.resolve("desired");
        Installation.files(stack, settings, documents).forEach((path, text) -> {
            try {
                Files.createDirectories(directory.resolve(path).getParent());
                Files.writeString(directory.resolve(path), text);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return directory.toString();
    }

    /** The head of the stack {@code one}, which was published to this bucket under {@code desired/}. */
    JsonNode head(String bucket) throws IOException {
        return JSON.readTree(installation
                .aws(S3Client.class)
                .getObjectAsBytes(r -> r.bucket(bucket).key("desired/stacks/one/HEAD.json"))
                .asByteArray());
    }

    Integer logGroup(String name) {
        return installation
                .aws(CloudWatchLogsClient.class)
                .describeLogGroups(r -> r.logGroupNamePrefix(name))
                .logGroups()
                .stream()
                .map(g -> g.retentionInDays())
                .findFirst()
                .orElse(null);
    }

    StackView view(String stack) {
        return Objects.requireNonNull(running.engine()).stacks().get(stack).view();
    }

    void until(String stack, Predicate<StackView> condition) {
        await(stack)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> running.engine() != null
                        && running.engine().stacks().containsKey(stack)
                        && condition.test(view(stack)));
    }
}
