package dev.holdfast.store;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores each object as a file of a directory. A reader sees either the old or the new file as a whole, and a lock
 * excludes the writers of other processes on this machine. A missing directory is an error and does not count as "no
 * objects".
 */
public final class DirectoryObjectStore implements ObjectStore {
    /** The prefix of the names of files that are not objects. */
    private static final String OWN = ".holdfast-";

    /** A file lock excludes other processes, but throws an exception within the same process. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path root;

    public DirectoryObjectStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public @Nullable Stored get(String key) {
        try {
            return read(at(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Stored read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new TooLargeException(file.toString());
            }
            return new Stored(content, etag(content));
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(root)) {
                throw e;
            }
            return null;
        }
    }

    @Override
    public String put(String key, byte[] content) {
        return locked(() -> write(key, content));
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        return locked(() -> {
            Stored there = read(at(key));
            String found = there == null ? null : there.etag();
            if (!Objects.equals(found, etag)) {
                throw new PreconditionFailedException(key);
            }
            return write(key, content);
        });
    }

    @Override
    public void delete(String key) {
        locked(() -> Files.deleteIfExists(at(key)));
    }

    @Override
    public List<String> list(String prefix) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith(OWN))
                    .map(file -> root.relativize(file).toString().replace(File.separatorChar, '/'))
                    .filter(key -> key.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public String toString() {
        return location();
    }

    private Path at(String key) {
        return root.resolve(ObjectStores.checked(key));
    }

    private String write(String key, byte[] content) throws IOException {
        Path file = at(key);
        Path directory = Objects.requireNonNull(file.getParent());
        Files.createDirectories(directory);
        Path whole = Files.createTempFile(directory, OWN, ".new");
        try {
            try (FileChannel out = FileChannel.open(whole, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                // Without this, a power failure may leave the new name on an empty file.
                out.force(true);
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
        return etag(content);
    }

    @FunctionalInterface
    private interface FileChange<T> {
        T make() throws IOException;
    }

    private <T> T locked(FileChange<T> change) {
        ReentrantLock inProcess = LOCKS.computeIfAbsent(root, r -> new ReentrantLock());
        inProcess.lock();
        try {
            Files.createDirectories(root);
            try (FileChannel channel = FileChannel.open(
                            root.resolve(OWN + "lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                assert lock.isValid();
                return change.make();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            inProcess.unlock();
        }
    }

    private static String etag(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
