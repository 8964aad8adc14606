package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code validate} evaluates the policies of a file, or of a bucket, on the documents alone. */
class ValidatePoliciesTest {
    private static final String RAILS = """
            {"apiVersion":"holdfast.dev/v1","kind":"Guardrails","spec":{"policies":[
              {"name":"logs-kept","match":{"kinds":["LogGroup"]},"action":"%s","message":"keep logs",
               "expression":"has(desired.retentionInDays) && desired.retentionInDays >= 90"},
              {"name":"nobody","action":"deny","message":"never","expression":"step.action == 'Nothing'"}]}}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void documents() throws IOException {
        Path stack = Files.createDirectories(folder.resolve("desired/test"));
        Files.writeString(stack.resolve("stack.json"), """
                [{"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"test"},
                  "spec":{"account":"123456789012","region":"eu-west-2","include":["stack.json"]}},
                 {"apiVersion":"holdfast.dev/v1","kind":"LogGroup","metadata":{"name":"app"},"spec":{"retentionInDays":30}}]
                """);
    }

    /** Exit code and output. */
    private record Answer(int code, String text) {}

    private Answer validate(String guardrails) {
        StringWriter text = new StringWriter();
        int code = new CommandLine(new ValidateCommand(new CommandContext(TestKinds.all())))
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(text))
                .execute(folder.resolve("desired").toString(), "--guardrails", guardrails);
        return new Answer(code, text.toString());
    }

    private Path file(String action) throws IOException {
        return Files.writeString(folder.resolve("guardrails.json"), RAILS.formatted(action));
    }

    @Test
    void aDenialFailsAndTheRestIsSaid() throws IOException {
        assertThat(validate(file("deny").toString())).satisfies(answer -> {
            assertThat(answer.code()).isEqualTo(ExitCodes.ERROR);
            assertThat(answer.text())
                    .contains("test: LogGroup/app: deny: policy logs-kept: keep logs", "denied by policies")
                    // Only a plan knows the steps, so that policies over steps are not evaluated.
                    .doesNotContain("nobody");
        });
        assertThat(validate(file("warn").toString())).satisfies(answer -> {
            assertThat(answer.code()).isEqualTo(ExitCodes.FINE);
            assertThat(answer.text()).contains("test: LogGroup/app: warn: policy logs-kept: keep logs", "test: valid");
        });
    }

    @Test
    void theFileMayLieInABucket() throws IOException {
        try (TwinServer twin = TwinServer.start(TwinOptions.defaults())) {
            S3Client s3 = twin.account("123456789012").service("eu-west-2", S3Client.class);
            s3.createBucket(r -> r.bucket("rails").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
            s3.putObject(
                    r -> r.bucket("rails").key("guardrails.json"), RequestBody.fromString(RAILS.formatted("deny")));
            with(
                    Map.of(
                            "AWS_ENDPOINT_URL", twin.endpoint().toString(),
                            "aws.region", "eu-west-2",
                            "aws.accessKeyId", "AKIA-123456789012",
                            "aws.secretAccessKey", "secret"),
                    () -> {
                        assertThat(validate("s3://rails/guardrails.json").text())
                                .contains("guardrails of s3://rails", "deny: policy logs-kept");
                        // A file that the option names has to exist.
                        assertThat(validate("s3://rails/other.json").code()).isNotEqualTo(ExitCodes.FINE);
                    });
        }
    }

    private static void with(Map<String, String> properties, Runnable run) {
        properties.forEach(System::setProperty);
        try {
            run.run();
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }
}
