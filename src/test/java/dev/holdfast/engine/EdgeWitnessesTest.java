package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code aws} command and Terraform's AWS provider show that the twin's CloudFront behaves as AWS's. */
@Order(1)
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
        try (World world = Terraform.world()) {
            Terraform terraform = Terraform.of(Path.of("src/test/resources/terraform/edge"), directory, world);

            terraform.makesAndDestroys(() -> assertThat(edge(world)).hasSize(4));

            assertThat(edge(world)).isEmpty();
        }
    }

    @Test
    void theAwsCommandMakesReadsChangesAndDeletesADistribution() throws IOException {
        try (World world = new World()) {
            AwsCommand aws = AwsCommand.on(world);
            Path file = directory.resolve("site.json");
            Files.writeString(file, CONFIGURATION);
            String id = aws.says(
                    "cloudfront",
                    "create-distribution",
                    "--distribution-config",
                    "file://" + file,
                    "--query",
                    "Distribution.Id");
            assertThat(aws.says("cloudfront", "get-distribution", "--id", id, "--query", "Distribution.Status"))
                    .isEqualTo("InProgress");
            assertThat(aws.says("cloudfront", "list-distributions", "--query", "DistributionList.Items[].Id"))
                    .isEqualTo(id);
            assertThat(aws.says(
                            "cloudfront",
                            "get-distribution-config",
                            "--id",
                            id,
                            "--query",
                            "DistributionConfig.DefaultCacheBehavior.AllowedMethods.Items[]"))
                    .isEqualTo("HEAD\tGET");

            Files.writeString(
                    file,
                    aws.json("cloudfront", "get-distribution-config", "--id", id, "--query", "DistributionConfig")
                            .replace("\"Enabled\": true,\n    \"ViewerC", "\"Enabled\": false,\n    \"ViewerC"));
            assertThat(Files.readString(file)).contains("\"Enabled\": false,\n    \"ViewerC");
            String etag = aws.says("cloudfront", "get-distribution-config", "--id", id, "--query", "ETag");
            aws.says(
                    "cloudfront",
                    "update-distribution",
                    "--id",
                    id,
                    "--if-match",
                    etag,
                    "--distribution-config",
                    "file://" + file);
            world.clock.advance(Duration.ofMinutes(5));
            String last = aws.says("cloudfront", "get-distribution-config", "--id", id, "--query", "ETag");
            assertThat(last).isNotEqualTo(etag);
            aws.says("cloudfront", "delete-distribution", "--id", id, "--if-match", last);

            assertThat(edge(world)).isEmpty();
        }
    }
}
