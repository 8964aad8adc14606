package dev.holdfast.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens the store that a location names: {@code s3://bucket/prefix}, or a directory. */
public final class ObjectStores {
    private static final String S3 = "s3://";

    private ObjectStores() {}

    /**
     * Opening makes no call and creates no directory.
     *
     * @param s3 supplies the client if the location is in S3
     * @throws IllegalArgumentException if the location is neither form
     */
    public static ObjectStore open(String location, Supplier<S3Client> s3) {
        if (!location.startsWith(S3)) {
            return new DirectoryObjectStore(directory(location));
        }
        String rest = location.substring(S3.length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException("'" + location + "' names no bucket");
        }
        return new S3ObjectStore(s3.get(), bucket, slash < 0 ? "" : rest.substring(slash + 1));
    }

    /** Creates the directory that the location names, if it names one. */
    public static void create(String location) {
        if (!location.startsWith(S3)) {
            try {
                Files.createDirectories(directory(location));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether the location names a directory, and nothing has this path. */
    public static boolean isMissing(String location) {
        return !location.startsWith(S3) && Files.notExists(directory(location));
    }

    private static Path directory(String location) {
        if (location.isBlank() || location.contains("://")) {
            throw new IllegalArgumentException("'" + location + "' is neither s3://bucket/prefix nor a directory");
        }
        return Path.of(location);
    }

    /** @throws IllegalArgumentException if the key could lead out of the store */
    static String checked(String key) {
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("'" + key + "' is not a key");
            }
        }
        return key;
    }
}
