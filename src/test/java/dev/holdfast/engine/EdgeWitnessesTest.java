package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code aws} command and Terraform's provider as witnesses that the twin's CloudFront behaves as AWS's. */
class EdgeWitnessesTest {
    private static final String CONFIGURATION = """
            {"CallerReference": "by-hand", "Comment": "by hand", "Enabled": true,
             "Origins": {"Quantity": 1, "Items": [{"Id": "media", "DomainName": "media.s3.eu-west-2.amazonaws.com",
               "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
             "DefaultCacheBehavior": {"TargetOriginId": "media", "ViewerProtocolPolicy": "https-only",
               "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}}
            """;

    @TempDir
    private Path directory;

    private static List<String> edge(World world) {
        return world.account().inventory().stream()
                .filter(item -> item.type().startsWith("cloudfront:"))
                .map(TwinItem::id)
                .toList();
    }

    @Test
    void terraformAppliesPlansNoChangeAndDestroys() throws IOException {
        Optional<Path> mirror = Terraform.mirror();
        Assumptions.assumeTrue(mirror.isPresent(), "Terraform with its AWS provider is not on this machine");
        try (World world = new World()) {
            world.settings.speed(100);
            Terraform terraform =
                    Terraform.of(mirror.orElseThrow(), Path.of("src/test/resources/terraform/edge"), directory, world);

            terraform.expect(0, "apply", "-auto-approve", "-input=false", "-no-color");
            terraform.expect(0, "plan", "-detailed-exitcode", "-input=false", "-no-color");
            assertThat(edge(world)).hasSize(4);
            terraform.expect(0, "destroy", "-auto-approve", "-input=false", "-no-color");

            assertThat(edge(world)).isEmpty();
        }
    }

    @Test
    void theAwsCommandMakesReadsChangesAndDeletesADistribution() throws IOException {
        Programs.onPath("aws");
        try (World world = new World()) {
            Path file = directory.resolve("site.json");
            Files.writeString(file, CONFIGURATION);
            String id = aws(
                    world,
                    "create-distribution",
                    "--distribution-config",
                    "file://" + file,
                    "--query",
                    "Distribution.Id");
            assertThat(aws(world, "get-distribution", "--id", id, "--query", "Distribution.Status"))
                    .isEqualTo("InProgress");
            assertThat(aws(world, "list-distributions", "--query", "DistributionList.Items[].Id"))
                    .isEqualTo(id);
            assertThat(aws(
                            world,
                            "get-distribution-config",
                            "--id",
                            id,
                            "--query",
                            "DistributionConfig.DefaultCacheBehavior.AllowedMethods.Items[]"))
                    .isEqualTo("HEAD\tGET");

            Files.writeString(
                    file,
                    json(world, "get-distribution-config", "--id", id, "--query", "DistributionConfig")
                            .replace("\"Enabled\": true,\n    \"ViewerC", "\"Enabled\": false,\n    \"ViewerC"));
            assertThat(Files.readString(file)).contains("\"Enabled\": false,\n    \"ViewerC");
            String etag = aws(world, "get-distribution-config", "--id", id, "--query", "ETag");
            aws(
                    world,
                    "update-distribution",
                    "--id",
                    id,
                    "--if-match",
                    etag,
                    "--distribution-config",
                    "file://" + file);
            world.clock.advance(Duration.ofMinutes(5));
            String last = aws(world, "get-distribution-config", "--id", id, "--query", "ETag");
            assertThat(last).isNotEqualTo(etag);
            aws(world, "delete-distribution", "--id", id, "--if-match", last);

            assertThat(edge(world)).isEmpty();
        }
    }

    private static String aws(World world, String... arguments) throws IOException {
        return run(world, "text", arguments).strip();
    }

    private static String json(World world, String... arguments) throws IOException {
        return run(world, "json", arguments);
    }

    private static String run(World world, String output, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("aws", "cloudfront"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--output", output));
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
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            assertThat(process.exitValue()).as("%s says %s", command, said).isZero();
            return said;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
