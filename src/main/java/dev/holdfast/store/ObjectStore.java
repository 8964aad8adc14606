package dev.holdfast.store;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Small objects under keys, with conditional writes: an S3 prefix, or a directory. Reads see the last completed write.
 *
 * <p>A failed call throws (an SDK exception, or {@link java.io.UncheckedIOException}); absence never does.
 */
public interface ObjectStore {
    /** @param etag opaque; changes with every change of the content */
    record Stored(byte[] content, String etag) {}

    /** @return null if there is none */
    @Nullable
    Stored get(String key);

    /** Writes whatever was there before. @return the new ETag */
    String put(String key, byte[] content);

    /**
     * Writes only if the object still has this ETag.
     *
     * @param etag null: only if there is none yet
     * @return the new ETag
     * @throws PreconditionFailedException if somebody else was faster; nothing was written
     */
    String putIf(String key, byte[] content, @Nullable String etag);

    /** Deletes; what is not there stays so. */
    void delete(String key);

    /** All keys that begin with this, in order. */
    List<String> list(String prefix);

    /** The ETags of all objects whose keys begin with this, by key in order. */
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

    /** For people: {@code s3://bucket/prefix/} or a directory. */
    String location();

    /** A conditional write whose condition did not hold. */
    final class PreconditionFailedException extends RuntimeException {
        public PreconditionFailedException(String key) {
            super(key + " was changed by somebody else");
        }
    }
}
