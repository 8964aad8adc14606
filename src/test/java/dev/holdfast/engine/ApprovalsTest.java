package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** An approval applies to one step of one revision, can be used once, and is valid for a day. */
class ApprovalsTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    /** Two buckets that were deleted: each creation needs an approval of its own. */
    private static World twoLost() {
        World world = new World();
        world.desire(Docs.of(Docs.bucket("one", ""), Docs.bucket("two", ""))).converged();
        for (String bucket : List.of("Bucket/one", "Bucket/two")) {
            String id = world.resource(bucket).physicalId();
            world.somebody(S3Client.class).deleteBucket(r -> r.bucket(id));
        }
        return world.run(SOON);
    }

    private static String hash(World world, String resource) {
        return world.step(resource).hash();
    }

    @Test
    void oneIsNeverForAnother() {
        try (World world = twoLost()) {
            assertThat(hash(world, "Bucket/one")).isNotEqualTo(hash(world, "Bucket/two"));

            world.approve(hash(world, "Bucket/two"));
            world.run(SOON);

            assertThat(world.status("Bucket/one")).isEqualTo(Status.Stalled);
            assertThat(world.status("Bucket/two")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void itIsForTheRevisionThatItWasGivenFor() {
        try (World world = twoLost()) {
            String before = hash(world, "Bucket/one");
            world.desire(Docs.of(Docs.bucket("one", ""), Docs.bucket("two", ""), Docs.alarm("new", 1)));
            world.run(SOON);

            world.approve(before);
            world.run(SOON);

            assertThat(hash(world, "Bucket/one")).isNotEqualTo(before);
            assertThat(world.status("Bucket/one")).isEqualTo(Status.Stalled);
        }
    }

    @Test
    void itExpiresAfterADay() {
        try (World world = twoLost()) {
            String hash = hash(world, "Bucket/one");
            world.pause("*", Duration.ofHours(48));
            world.approve(hash);
            world.run(SOON);
            assertThat(world.reconciler().view().pauses()).containsKey("*");
            world.clock.advance(Duration.ofHours(24));

            world.resume("*");
            world.run(SOON);

            assertThat(hash(world, "Bucket/one")).isEqualTo(hash);
            assertThat(world.status("Bucket/one")).isEqualTo(Status.Stalled);
        }
    }

    @Test
    void withinTheDayItWaitsForWhatStandsInTheWay() {
        try (World world = twoLost()) {
            world.pause("*", Duration.ofHours(48));
            world.approve(hash(world, "Bucket/one"));
            world.run(SOON);
            world.restart();
            world.clock.advance(Duration.ofHours(23));

            world.resume("*");
            world.run(SOON);

            assertThat(world.status("Bucket/one")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void whatIsNotPlannedCannotBeApprovedForLater() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.bucket("one", ""))).converged();
            String id = world.resource("Bucket/one").physicalId();
            world.somebody(S3Client.class).deleteBucket(r -> r.bucket(id));
            world.run(SOON);
            String hash = hash(world, "Bucket/one");
            world.approve(hash);
            world.converged();

            world.approve(hash);
            world.run(SOON);
            world.somebody(S3Client.class).deleteBucket(r -> r.bucket(id));
            world.run(SOON);

            assertThat(hash(world, "Bucket/one")).isEqualTo(hash);
            assertThat(world.status("Bucket/one")).isEqualTo(Status.Stalled);
        }
    }
}
