package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** The ways to end a retained orphan, as the status page names them. */
class OrphanEndsTest {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final String OTHER = Docs.alarm("other", 1);

    @Test
    void putBackWithOnDeleteDeleteAndTakenOutAgainItIsDeleted() {
        try (World world = orphan()) {
            world.desire(Docs.of(OTHER, Docs.bucket("kept", "'lifecycle':{'onDelete':'Delete'},")))
                    .converged();

            world.desire(Docs.of(OTHER)).converged();

            assertThat(world.owned()).containsOnlyKeys("Alarm/other");
        }
    }

    @Test
    void deletedByHandItIsForgotten() {
        try (World world = orphan()) {
            String bucket = String.valueOf(world.resource("Bucket/kept").physicalId());

            world.somebody(S3Client.class).deleteBucket(r -> r.bucket(bucket));
            world.runUntil(() -> !world.view().resources().containsKey(ResourceId.parse("Bucket/kept")), SOON);

            assertThat(world.view().resources()).doesNotContainKey(ResourceId.parse("Bucket/kept"));
        }
    }

    private static World orphan() {
        World world = new World();
        world.desire(Docs.of(OTHER, Docs.bucket("kept", ""))).converged();
        world.desire(Docs.of(OTHER));
        world.run(SOON);
        assertThat(world.status("Bucket/kept")).isEqualTo(Status.Orphaned);
        return world;
    }
}
