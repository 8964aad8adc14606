package dev.holdfast.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens stores by what people write: {@code s3://bucket/prefix}, or a directory. */
public final class ObjectStores {
    private static final String S3 = "s3://";

    private ObjectStores() {}

    /**
     * Makes no call and no directory.
     *
     * @param clients whose S3 client is used, if it is in S3
     * @throws IllegalArgumentException if the location is neither
     */
    public static ObjectStore open(String location, Clients clients) {
        if (!location.startsWith(S3)) {
            return new DirectoryObjectStore(directory(location));
        }
        String rest = location.substring(S3.length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException("'" + location + "' names no bucket");
        }
        return new S3ObjectStore(clients.client(S3Client.class), bucket, slash < 0 ? "" : rest.substring(slash + 1));
    }

    /** The same, and makes the directory if it is one that does not exist. */
    public static ObjectStore openOrCreate(String location, Clients clients) {
        if (!location.startsWith(S3)) {
            try {
                Files.createDirectories(directory(location));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return open(location, clients);
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
