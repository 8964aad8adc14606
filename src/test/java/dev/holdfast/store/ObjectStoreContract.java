package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import dev.holdfast.store.ObjectStore.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The behaviour that every store must have. */
abstract class ObjectStoreContract {
    /** An empty store. */
    abstract ObjectStore store();

    /** A store whose bucket or directory does not exist. */
    abstract ObjectStore missing();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(ObjectStore store, String key) {
        Stored stored = store.get(key);
        return stored == null ? "(none)" : new String(stored.content(), UTF_8);
    }

    @Test
    void readsWhatWasWritten() {
        ObjectStore store = store();

        String etag = store.put("a/b.json", bytes("one"));

        assertThat(text(store, "a/b.json")).isEqualTo("one");
        assertThat(store.get("a/b.json").etag()).isEqualTo(etag);
    }

    @Test
    void absenceIsNull() {
        assertThat(store().get("a")).isNull();
    }

    @Test
    void aMissingPlaceIsAnError() {
        ObjectStore missing = missing();

        assertThatThrownBy(() -> missing.get("a")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> missing.list("")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void whatIsTooLargeIsNotLoaded() {
        ObjectStore store = store();
        store.put("large.json", new byte[ObjectStore.LARGEST]);
        store.put("giant.json", new byte[ObjectStore.LARGEST + 1]);

        assertThat(store.get("large.json").content()).hasSize(ObjectStore.LARGEST);
        assertThatThrownBy(() -> store.get("giant.json"))
                .isInstanceOf(ObjectStore.TooLargeException.class)
                .hasMessageContaining("giant.json");
        assertThat(store.list("")).containsExactly("giant.json", "large.json");
    }

    @Test
    void theETagChangesWithTheContent() {
        ObjectStore store = store();

        assertThat(store.put("a", bytes("one"))).isNotEqualTo(store.put("a", bytes("two")));
    }

    @Test
    void listsTheETagsThatReadsGive() {
        ObjectStore store = store();
        String one = store.put("a/one", bytes("one"));
        String two = store.put("a/two", bytes("two"));
        store.put("b/three", bytes("three"));

        assertThat(store.etags("a/")).containsExactly(entry("a/one", one), entry("a/two", two));
    }

    @Test
    void createsOnlyOnce() {
        ObjectStore store = store();
        store.putIf("a", bytes("one"), null);

        assertThatThrownBy(() -> store.putIf("a", bytes("two"), null)).isInstanceOf(PreconditionFailedException.class);

        assertThat(text(store, "a")).isEqualTo("one");
    }

    @Test
    void replacesOnlyWhatItHasSeen() {
        ObjectStore store = store();
        String first = store.putIf("a", bytes("one"), null);
        String second = store.putIf("a", bytes("two"), first);

        assertThatThrownBy(() -> store.putIf("a", bytes("three"), first))
                .isInstanceOf(PreconditionFailedException.class);

        assertThat(text(store, "a")).isEqualTo("two");
        assertThat(store.get("a").etag()).isEqualTo(second);
    }

    @Test
    void replacesNothingThatIsGone() {
        ObjectStore store = store();
        String etag = store.put("a", bytes("one"));
        store.delete("a");

        assertThatThrownBy(() -> store.putIf("a", bytes("two"), etag)).isInstanceOf(PreconditionFailedException.class);

        assertThat(store.get("a")).isNull();
    }

    @Test
    void deletesOnceAndAgain() {
        ObjectStore store = store();
        store.put("a", bytes("one"));

        store.delete("a");
        store.delete("a");

        assertThat(store.get("a")).isNull();
    }

    @Test
    void listsInOrderByPrefix() {
        ObjectStore store = store();
        for (String key : List.of("b/2", "b/10", "a", "b/1", "bc")) {
            store.put(key, bytes(key));
        }

        assertThat(store.list("b/")).containsExactly("b/1", "b/10", "b/2");
        assertThat(store.list("b")).containsExactly("b/1", "b/10", "b/2", "bc");
        assertThat(store.list("")).hasSize(5);
        assertThat(store.list("c")).isEmpty();
    }

    @Test
    void listsMoreThanAPage() {
        ObjectStore store = store();
        IntStream.range(0, 30).forEach(i -> store.put("k" + i, bytes("x")));

        assertThat(store.list("k")).hasSize(30);
    }

    @Test
    void keysDoNotLeadOut() {
        ObjectStore store = store();

        for (String key : List.of("../x", "a/../../x", "", "/x", "a//b", "a/")) {
            assertThatThrownBy(() -> store.get(key)).as(key).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void keysMayHoldWhatNamesHold() {
        ObjectStore store = store();
        String key = "Kind~a b+c=ü.json";

        store.put(key, bytes("one"));

        assertThat(text(store, key)).isEqualTo("one");
        assertThat(store.list("Kind")).containsExactly(key);
    }

    @Test
    void ofManyWritersAtOnceEachConditionHoldsForOne() throws InterruptedException, ExecutionException {
        ObjectStore store = store();
        int writers = 4;
        int rounds = 5;

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> wins = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                wins.add(threads.submit(() -> count(store, rounds)));
            }
            int won = 0;
            for (Future<Integer> win : wins) {
                won += win.get();
            }
            assertThat(Integer.parseInt(text(store, "counter"))).isEqualTo(won);
            assertThat(won).isEqualTo(writers * rounds);
        }
    }

    private static int count(ObjectStore store, int rounds) {
        int won = 0;
        while (won < rounds) {
            Stored seen = store.get("counter");
            int value = seen == null ? 0 : Integer.parseInt(new String(seen.content(), UTF_8));
            try {
                store.putIf("counter", bytes(Integer.toString(value + 1)), seen == null ? null : seen.etag());
                won++;
            } catch (PreconditionFailedException e) {
                Thread.yield();
            }
        }
        return won;
    }
}
