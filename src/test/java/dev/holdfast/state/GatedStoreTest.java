package dev.holdfast.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.CallContext;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.store.DirectoryObjectStore;
import dev.holdfast.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A state in a directory is written under the same permit as one in S3. */
class GatedStoreTest {
    private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    static Stream<Consumer<ObjectStore>> writes() {
        return Stream.of(
                store -> store.put("a", NEW),
                store -> store.putIf(
                        "a",
                        NEW,
                        java.util.Objects.requireNonNull(store.get("a")).etag()),
                store -> store.delete("a"));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aPassThatMayNotWriteWritesNoState(Consumer<ObjectStore> write) {
        ObjectStore store = new GatedStore(new DirectoryObjectStore(directory));
        store.put("a", OLD);
        AtomicBoolean held = new AtomicBoolean();
        CallContext pass = new CallContext(held::get);

        assertThatThrownBy(() -> pass.run(() -> write.accept(store))).isInstanceOf(WriteRefusedException.class);

        assertThat(store.get("a")).satisfies(kept -> assertThat(kept.content()).isEqualTo(OLD));
        assertThat(store.list("")).containsExactly("a");
        held.set(true);
        pass.run(() -> write.accept(store));
        ObjectStore.Stored now = store.get("a");
        assertThat(now == null ? NEW : now.content()).isEqualTo(NEW);
    }

    /** Writes of the lease and of people's requests belong to no pass. */
    @ParameterizedTest
    @MethodSource("writes")
    void outsideAPassEverythingIsWritten(Consumer<ObjectStore> write) {
        ObjectStore store = new GatedStore(new DirectoryObjectStore(directory));
        store.put("a", OLD);

        new CallContext(() -> false)
                .run(() -> CallContext.outside(() -> {
                    write.accept(store);
                    return true;
                }));

        ObjectStore.Stored now = store.get("a");
        assertThat(now == null ? NEW : now.content()).isEqualTo(NEW);
    }
}
