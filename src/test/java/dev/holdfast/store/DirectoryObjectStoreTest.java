package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest extends ObjectStoreContract {
    @TempDir
    private Path directory;

    @Override
    ObjectStore store() {
        return new DirectoryObjectStore(directory);
    }

    @Override
    ObjectStore missing() {
        return new DirectoryObjectStore(directory.resolve("nowhere"));
    }

    @Test
    void twoStoresOfOneDirectoryAreOne() {
        String etag = store().put("a", new byte[] {1});

        store().putIf("a", new byte[] {2}, etag);

        assertThat(store().get("a").content()).containsExactly(2);
    }

    @Test
    void leavesNothingBehindButTheObjects() throws IOException {
        ObjectStore store = store();
        store.put("a/b", new byte[] {1});
        store.put("a/b", new byte[] {2});

        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(f -> directory.relativize(f).toString()))
                    .containsExactlyInAnyOrder("a/b", ".holdfast-lock");
        }
    }
}
