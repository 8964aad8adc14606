package dev.holdfast.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Small objects under keys, with conditional writes: an S3 prefix, or a directory. A read sees the last completed
 * write.
 *
 * <p>A failed call throws an SDK exception or {@link UncheckedIOException}. A missing object is not a failure.
 */
public interface ObjectStore {
    /** @param etag an opaque text that changes whenever the content changes */
    record Stored(byte[] content, String etag) {}

    /** The most bytes that an object may have: a writer of a store must not exhaust the memory of its readers. */
    int LARGEST = 32 << 20;

    /**
     * @return null if there is no such object
     * @throws TooLargeException if it has more than {@link #LARGEST} bytes, which are not read
     */
    @Nullable
    Stored get(String key);

    /**
     * Writes the object, whether it exists or not.
     *
     * @return the new ETag
     */
    String put(String key, byte[] content);

    /**
     * Writes the object only if it still has this ETag.
     *
     * @param etag null: only if the object does not exist
     * @return the new ETag
     * @throws PreconditionFailedException if another writer was faster; nothing was written
     */
    String putIf(String key, byte[] content, @Nullable String etag);

    /** Deletes the object, if it exists. */
    void delete(String key);

    /** All keys that begin with the prefix, in order. */
    List<String> list(String prefix);

    /** The ETags of all objects whose keys begin with the prefix, by key in order. */
    default SortedMap<String, String> etags(String prefix) {
        SortedMap<String, String> etags = new TreeMap<>();
        for (String key : list(prefix)) {
            Stored stored = get(key);
            if (stored != null) {
                etags.put(key, stored.etag());
            }
        }
        return etags;
    }

    /** The location as people write it: {@code s3://bucket/prefix/} or a directory. */
    String location();

    /** The location of the object, as people write it. */
    default String location(String key) {
        return location().endsWith("/") ? location() + key : location() + "/" + key;
    }

    /** A read failed, because the object is larger than any that Holdfast writes. */
    final class TooLargeException extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        public TooLargeException(String key) {
            this(new IOException(key + " has more than " + LARGEST + " bytes"));
        }

        private TooLargeException(IOException why) {
            super(why.getMessage(), why);
        }
    }

    /** The condition of a conditional write did not hold. */
    final class PreconditionFailedException extends RuntimeException {
        public PreconditionFailedException(String key) {
            super(key + " was changed by another writer");
        }
    }
}
