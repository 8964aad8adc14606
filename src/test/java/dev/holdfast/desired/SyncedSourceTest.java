package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.TestClients;
import dev.holdfast.store.ForwardingStore;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** A prefix of the twin's S3 to which a tool syncs a directory. */
class SyncedSourceTest {
    private static final String ACCOUNT = "123456789012";
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private TwinServer twin;
    private ClientFactory factory;
    private Watched store;
    private SyncedSource source;

    /** The store, and the changes that another client makes to it just before the next reads. */
    private static final class Watched extends ForwardingStore {
        final Deque<Runnable> beforeGets = new ArrayDeque<>();
        int gets;
        int lists;

        Watched(ObjectStore real) {
            super(real);
        }

        @Override
        public @Nullable Stored get(String key) {
            gets++;
            Runnable first = beforeGets.poll();
            if (first != null) {
                first.run();
            }
            return super.get(key);
        }

        @Override
        public SortedMap<String, String> etags(String prefix) {
            lists++;
            return super.etags(prefix);
        }
    }

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults()
                .withClock(new DrivenClock(clock.instant()))
                .withSettings(new TwinSettings().pageSize(1)));
        factory = new ClientFactory(TestClients.quick(twin.endpoint(), ACCOUNT, "test"));
        Clients clients = factory.of(ACCOUNT, "eu-west-2", null);
        clients.client(S3Client.class)
                .createBucket(
                        r -> r.bucket("desired").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
        store = new Watched(ObjectStores.open("s3://desired/state", () -> clients.client(S3Client.class)));
        source = new SyncedSource(store, SampleKinds.CATALOG, clock, SyncedSource.SETTLES);
    }

    @AfterEach
    void stop() {
        factory.close();
        twin.close();
    }

    private void sync(String key, String content) {
        store.put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    private void syncAll() {
        sync("dev/stack.json", DocumentFixtures.DEV);
        sync("base/bucket.json", DocumentFixtures.BUCKET);
    }

    /** Reads every few seconds, as a daemon does. */
    private LoadResult after(Duration time) {
        Instant end = clock.instant().plus(time);
        LoadResult loaded = source.read("dev");
        while (clock.instant().isBefore(end)) {
            clock.advance(Duration.ofSeconds(4));
            loaded = source.read("dev");
        }
        return loaded;
    }

    private static int resources(LoadResult loaded) {
        assertThat(loaded).isInstanceOf(LoadResult.ValidRevision.class);
        return ((LoadResult.ValidRevision) loaded).revision().resources().size();
    }

    @Test
    void countsOnceNothingHasChangedForAMinute() {
        syncAll();

        assertThat(after(Duration.ofSeconds(56))).isInstanceOf(LoadResult.UnsettledSource.class);
        assertThat(source.stacks()).isEmpty();
        assertThat(store.gets).isZero();

        assertThat(resources(after(Duration.ofSeconds(4)))).isEqualTo(1);
        assertThat(source.stacks()).containsExactly("dev");
    }

    @Test
    void aChangeTakesEffectAlthoughTheClockWentBack() {
        syncAll();
        after(MINUTE);
        clock.advance(Duration.ofDays(-1));
        sync("base/second.json", DocumentFixtures.BUCKET.replace("media", "second"));

        LoadResult loaded = after(MINUTE);

        assertThat(resources(loaded)).isEqualTo(2);
    }

    @Test
    void aPrefixThatSettlesTakesEffectAlthoughTheClockWentBack() {
        syncAll();
        after(Duration.ofSeconds(20));
        clock.advance(Duration.ofDays(-1));

        assertThat(resources(after(MINUTE))).isEqualTo(1);
    }

    @Test
    void aFileThatComesLaterStartsTheMinuteAnew() {
        sync("dev/stack.json", DocumentFixtures.DEV);
        after(Duration.ofSeconds(40));

        sync("base/bucket.json", DocumentFixtures.BUCKET);

        assertThat(after(Duration.ofSeconds(56))).isInstanceOf(LoadResult.UnsettledSource.class);
        assertThat(resources(after(Duration.ofSeconds(8)))).isEqualTo(1);
    }

    @Test
    void whatCountedBeforeCountsUntilTheNextHasSettled() {
        syncAll();
        LoadResult first = after(MINUTE);

        sync("base/other.json", DocumentFixtures.BUCKET.replace("media", "other"));

        assertThat(after(Duration.ofSeconds(56))).isSameAs(first);
        assertThat(resources(after(Duration.ofSeconds(8)))).isEqualTo(2);
    }

    @Test
    void aFileThatChangesBetweenListingAndReadingDoesNotCount() {
        syncAll();
        after(Duration.ofSeconds(56));
        String two = "[" + DocumentFixtures.BUCKET + "," + DocumentFixtures.BUCKET.replace("media", "other") + "]";
        store.beforeGets.add(() -> sync("base/bucket.json", two));

        assertThat(after(Duration.ofSeconds(4))).isInstanceOf(LoadResult.UnsettledSource.class);
        assertThat(store.beforeGets).isEmpty();

        assertThat(resources(after(MINUTE))).isEqualTo(2);
    }

    @Test
    void aFileThatChangesAfterItWasReadDoesNotCount() {
        syncAll();
        after(Duration.ofSeconds(56));
        store.beforeGets.add(() -> {});
        store.beforeGets.add(
                () -> sync("base/bucket.json", DocumentFixtures.BUCKET.replace("{} }", "{ \"bucket\": \"a\" } }")));

        assertThat(after(Duration.ofSeconds(4))).isInstanceOf(LoadResult.UnsettledSource.class);
        assertThat(store.beforeGets).isEmpty();
    }

    @Test
    void aFileThatComesOrGoesWhileTheOthersAreReadDoesNotCount() {
        syncAll();
        after(Duration.ofSeconds(56));
        store.beforeGets.add(() -> sync("base/other.json", DocumentFixtures.BUCKET.replace("media", "other")));
        assertThat(after(Duration.ofSeconds(4))).isInstanceOf(LoadResult.UnsettledSource.class);

        after(Duration.ofSeconds(56));
        store.beforeGets.add(() -> store.delete("dev/stack.json"));
        assertThat(after(Duration.ofSeconds(4))).isInstanceOf(LoadResult.UnsettledSource.class);
    }

    @Test
    void whatStaysTheSameIsNotReadAgain() {
        syncAll();
        LoadResult first = after(MINUTE);
        int gets = store.gets;
        int lists = store.lists;

        assertThat(after(Duration.ofSeconds(4))).isSameAs(first);
        assertThat(source.stacks()).containsExactly("dev");
        assertThat(source.read("other")).isInstanceOf(LoadResult.NoDesiredState.class);

        assertThat(store.gets).isEqualTo(gets);
        assertThat(store.lists).isEqualTo(lists + 1);
    }

    @Test
    void anEmptyPrefixIsAbsentAtOnceAndNeverEmpty() {
        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
        syncAll();
        after(Duration.ofSeconds(64));

        store.delete("dev/stack.json");
        store.delete("base/bucket.json");

        assertThat(after(Duration.ofSeconds(4))).isInstanceOf(LoadResult.NoDesiredState.class);
        assertThat(source.stacks()).isEmpty();
    }

    @Test
    void aStackThatVanishedIsAbsentOnceThatHasSettled() {
        syncAll();
        LoadResult first = after(MINUTE);
        store.delete("dev/stack.json");

        assertThat(after(Duration.ofSeconds(56))).isSameAs(first);
        assertThat(after(Duration.ofSeconds(8))).isInstanceOf(LoadResult.NoDesiredState.class);
    }

    @Test
    void aDocumentThatIsBrokenIsRefusedAndWhatIsHiddenIsLeftAside() {
        syncAll();
        sync(".git/config.json", "{");
        sync("README.md", "#");
        assertThat(resources(after(MINUTE))).isEqualTo(1);

        sync("base/bucket.json", "{");

        assertThat(after(Duration.ofSeconds(64))).isInstanceOf(LoadResult.RefusedRevision.class);
    }

    @Test
    void whoWritesNothingMayTakeItAsItIs() {
        syncAll();
        SyncedSource now = new SyncedSource(store, SampleKinds.CATALOG, clock, Duration.ZERO);

        assertThat(resources(now.read("dev"))).isEqualTo(1);
    }
}
