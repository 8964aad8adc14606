package dev.holdfast.twin.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.Delay;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesRequest;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesResponse;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.InvalidParameterException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.PaginationTokenExpiredException;
import software.amazon.awssdk.services.s3.S3Client;

class TwinTaggingTest {
    private static final String ARN = "arn:aws:logs:eu-west-2:111122223333:log-group:";
    private static final String ME = "111122223333";
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-02T03:04:05Z"));
    private TwinServer twin;
    private ResourceGroupsTaggingApiClient tagging;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withClock(clock));
        twin.settings().delay(Delay.TAGGING_INDEX, Duration.ofSeconds(30));
        tagging = OverHttp.client(ResourceGroupsTaggingApiClient.class, twin.endpoint(), ME);
        logs = OverHttp.client(CloudWatchLogsClient.class, twin.endpoint(), ME);
    }

    @AfterEach
    void stop() {
        tagging.close();
        logs.close();
        twin.close();
    }

    @Test
    void showsAThingOnlyAfterItsDelay() {
        // Given
        create("/a", Map.of("k", "v"));
        assertThat(arns(r -> {})).isEmpty();

        // When
        clock.advance(Duration.ofSeconds(30));

        // Then
        assertThat(arns(r -> {})).containsExactly(ARN + "/a");
    }

    @Test
    void namesTheDeadForAsLong() {
        // Given
        create("/a", Map.of("k", "v"));
        clock.advance(Duration.ofHours(1));
        create("/b", Map.of("k", "v"));
        logs.deleteLogGroup(r -> r.logGroupName("/a"));

        // When
        List<String> soon = arns(r -> {});
        clock.advance(Duration.ofSeconds(30));

        // Then
        assertThat(soon).containsExactly(ARN + "/a");
        assertThat(arns(r -> {})).containsExactly(ARN + "/b");
    }

    @Test
    void staysAtMostAQuarterLateWhileWritesGoOn() {
        // When
        for (int i = 10; i < 70; i++) {
            create("/" + i, Map.of("k", "v"));
            clock.advance(Duration.ofSeconds(1));
        }

        // Then
        assertThat(arns(r -> r.resourcesPerPage(100)).size()).isBetween(60 - 38, 60 - 30);
    }

    @Test
    void filtersByTagTypeAndArn() {
        // Given
        create("/a", Map.of("env", "prod", "team", "x"));
        create("/b", Map.of("env", "dev"));
        create("/untagged", Map.of());
        try (S3Client s3 = OverHttp.client(S3Client.class, twin.endpoint(), ME)) {
            s3.createBucket(r -> r.bucket("here").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
            s3.createBucket(r -> r.bucket("there").createBucketConfiguration(c -> c.locationConstraint("eu-west-1")));
            for (String bucket : List.of("here", "there")) {
                s3.putBucketTagging(r -> r.bucket(bucket)
                        .tagging(t -> t.tagSet(tag -> tag.key("env").value("prod"))));
            }
        }
        clock.advance(Duration.ofMinutes(1));

        // Then
        assertThat(arns(r -> {})).containsExactly(ARN + "/a", ARN + "/b", "arn:aws:s3:::here");
        assertThat(arns(r -> r.tagFilters(f -> f.key("env").values("prod", "other"))))
                .containsExactly(ARN + "/a", "arn:aws:s3:::here");
        assertThat(arns(r -> r.tagFilters(f -> f.key("env"), f -> f.key("team").values("x"))))
                .containsExactly(ARN + "/a");
        assertThat(arns(r -> r.resourceTypeFilters("s3"))).containsExactly("arn:aws:s3:::here");
        assertThat(arns(r -> r.resourceTypeFilters("logs:log-group", "ec2:vpc")))
                .containsExactly(ARN + "/a", ARN + "/b");
        assertThat(arns(r -> r.resourceTypeFilters("logs:log"))).isEmpty();
        assertThat(arns(r -> r.resourceARNList(ARN + "/b"))).containsExactly(ARN + "/b");
    }

    @Test
    void pages() {
        // Given
        for (int i = 100; i < 220; i++) {
            create("/" + i, Map.of("k", "v"));
        }
        clock.advance(Duration.ofMinutes(1));

        // When
        GetResourcesResponse first = tagging.getResources(r -> r.resourcesPerPage(100));
        GetResourcesResponse second =
                tagging.getResources(r -> r.resourcesPerPage(100).paginationToken(first.paginationToken()));

        // Then
        assertThat(first.resourceTagMappingList()).hasSize(100);
        assertThat(second.resourceTagMappingList()).hasSize(20);
        assertThat(second.paginationToken()).isEmpty();
        assertThat(tagging.getResources().resourceTagMappingList()).hasSize(50);
        assertThat(tagging.getResourcesPaginator(r -> r.resourcesPerPage(100)).resourceTagMappingList())
                .hasSize(120);
    }

    @Test
    void refusesWhatAwsRefuses() {
        assertThatThrownBy(() -> tagging.getResources(r -> r.resourcesPerPage(101)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(
                        () -> tagging.getResources(r -> r.resourceARNList(ARN).tagFilters(f -> f.key("k"))))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> tagging.getResources(r -> r.paginationToken("!")))
                .isInstanceOf(PaginationTokenExpiredException.class);
    }

    private void create(String name, Map<String, String> tags) {
        logs.createLogGroup(r -> r.logGroupName(name).tags(tags.isEmpty() ? null : tags));
    }

    private List<String> arns(Consumer<GetResourcesRequest.Builder> request) {
        return tagging.getResources(request).resourceTagMappingList().stream()
                .map(m -> m.resourceARN())
                .toList();
    }
}
