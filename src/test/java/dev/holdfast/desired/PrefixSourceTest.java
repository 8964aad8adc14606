package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PrefixSourceTest {
    private static final String STACK = """
        [{ "apiVersion": "holdfast.dev/v1", "kind": "Stack", "metadata": { "name": "dev" },
           "spec": { "account": "123456789012", "region": "eu-west-2", "include": ["stack.json"] } },
         { "apiVersion": "holdfast.dev/v1", "kind": "Bucket", "metadata": { "name": "media" }, "spec": {} }]
        """;

    private final MemoryStore store = new MemoryStore();
    private final PrefixSource source = source(false);

    private PrefixSource source(boolean stateInside) {
        return new PrefixSource(
                store,
                SampleKinds.CATALOG,
                new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")),
                Duration.ZERO,
                stateInside);
    }

    private void put(String key, String content) {
        store.put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothingIsAbsentAndMayBecomeEither() {
        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
        assertThat(source.stacks()).isEmpty();

        put("dev/stack.json", STACK);

        assertThat(source.read("dev")).isInstanceOf(LoadResult.ValidRevision.class);
        assertThat(source.revisions("dev", 5)).isEmpty();
    }

    @Test
    void aHeadSaysThatItIsPublishedAndStaysSoWhenTheHeadIsLost() {
        put("stacks/dev/HEAD.json", "{}");
        assertThat(source.read("dev")).isInstanceOf(LoadResult.RefusedRevision.class);

        store.delete("stacks/dev/HEAD.json");
        put("dev/stack.json", STACK);

        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
    }

    @Test
    void aRevisionAloneSaysSoToo() {
        put("stacks/dev/revisions/" + "0".repeat(64) + ".json", "{}");
        put("dev/stack.json", STACK);

        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
    }

    @Test
    void aFolderNamedStacksIsNoSign() {
        put("stacks/dev/stack.json", STACK);

        assertThat(source.read("dev")).isInstanceOf(LoadResult.ValidRevision.class);
    }

    @Test
    void theStateMustNotLieInsideWhatIsSynced() {
        PrefixSource inside = source(true);
        put(".holdfast/lease.json", "{}");
        assertThat(inside.endangersState()).isFalse();

        put("dev/stack.json", STACK);

        assertThat(inside.endangersState()).isTrue();
        assertThat(inside.read("dev"))
                .isInstanceOfSatisfying(
                        LoadResult.NoDesiredState.class,
                        absent -> assertThat(absent.reason()).contains("HOLDFAST_STATE"));
    }

    @Test
    void theStateMayLieBesideWhatIsPublished() {
        PrefixSource inside = source(true);
        put(".holdfast/lease.json", "{}");
        put("stacks/dev/HEAD.json", "{}");

        assertThat(inside.endangersState()).isFalse();
    }
}
