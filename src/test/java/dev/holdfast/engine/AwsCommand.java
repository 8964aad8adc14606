package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The {@code aws} command of this machine, with the twin as AWS. The test is skipped if the command is not installed.
 */
final class AwsCommand {
    private static final int AT_MOST = 120;

    private final World world;

    private AwsCommand(World world) {
        this.world = world;
    }

    static AwsCommand on(World world) {
        Programs.onPath("aws");
        return new AwsCommand(world);
    }

    /** @return what the command prints as text */
    String says(String... arguments) {
        return run("text", arguments).strip();
    }

    /** @return the command's output, as JSON */
    String json(String... arguments) {
        return run("json", arguments);
    }

    private String run(String output, String... arguments) {
        List<String> command = Stream.of(Stream.of("aws"), Stream.of(arguments), Stream.of("--output", output))
                .flatMap(part -> part)
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("AWS_CA_BUNDLE");
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL",
                        world.twin.endpoint().toString(),
                        "AWS_ACCESS_KEY_ID",
                        "somebody-" + World.ACCOUNT,
                        "AWS_SECRET_ACCESS_KEY",
                        "secret",
                        "AWS_DEFAULT_REGION",
                        World.REGION,
                        "AWS_EC2_METADATA_DISABLED",
                        "true"));
        try {
            Process process = builder.start();
            try {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor(AT_MOST, TimeUnit.SECONDS))
                        .as("the command ends: %s", command)
                        .isTrue();
                assertThat(process.exitValue())
                        .as("exit value of %s, whose output is %s", command, said)
                        .isZero();
                return said;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new AssertionError(command + " does not start", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
