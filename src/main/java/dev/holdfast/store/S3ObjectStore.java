package dev.holdfast.store;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Stores objects under a prefix of an S3 bucket. A missing bucket is an error and does not count as "no objects".
 *
 * <p>https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
public final class S3ObjectStore implements ObjectStore {
    private final S3Client s3;
    private final String bucket;
    private final String prefix;

    /** @param prefix with or without a slash at its end; empty: the whole bucket */
    public S3ObjectStore(S3Client s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    @Override
    public @Nullable Stored get(String key) {
        ReadObject object;
        try {
            object = s3.getObject(r -> r.bucket(bucket).key(at(key)), S3ObjectStore::read);
        } catch (NoSuchKeyException e) {
            return null;
        }
        byte[] content = object.content();
        if (content == null) {
            throw new TooLargeException(location(key));
        }
        return new Stored(content, object.etag());
    }

    /** @param content null if the object is too large; its rest was not read */
    private record ReadObject(byte @Nullable [] content, String etag) {}

    private static ReadObject read(GetObjectResponse response, AbortableInputStream body) throws IOException {
        byte[] content = response.contentLength() != null && response.contentLength() > LARGEST
                ? null
                : body.readNBytes(LARGEST + 1);
        if (content != null && content.length <= LARGEST) {
            return new ReadObject(content, response.eTag());
        }
        body.abort();
        return new ReadObject(null, response.eTag());
    }

    @Override
    public String put(String key, byte[] content) {
        return send(request(key).build(), content);
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        PutObjectRequest.Builder request = request(key);
        try {
            return send((etag == null ? request.ifNoneMatch("*") : request.ifMatch(etag)).build(), content);
        } catch (NoSuchKeyException e) {
            throw new PreconditionFailedException(key);
        } catch (S3Exception e) {
            // 409 ConditionalRequestConflict: another write to this key was under way.
            if (e.statusCode() == 412 || isConflict(e)) {
                throw new PreconditionFailedException(key);
            }
            throw e;
        }
    }

    private static boolean isConflict(S3Exception e) {
        return e.statusCode() == 409
                && e.awsErrorDetails() != null
                && "ConditionalRequestConflict".equals(e.awsErrorDetails().errorCode());
    }

    private PutObjectRequest.Builder request(String key) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(bucket).key(at(key));
        return key.endsWith(".json") ? request.contentType("application/json") : request;
    }

    private String send(PutObjectRequest request, byte[] content) {
        return s3.putObject(request, RequestBody.fromBytes(content)).eTag();
    }

    @Override
    public void delete(String key) {
        s3.deleteObject(r -> r.bucket(bucket).key(at(key)));
    }

    @Override
    public List<String> list(String start) {
        // S3 sorts by UTF-8 bytes, which differs from the order of Java's strings outside the BMP.
        return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + start)).contents().stream()
                .map(S3Object::key)
                .filter(key -> !key.endsWith("/"))
                .map(key -> key.substring(prefix.length()))
                .sorted()
                .toList();
    }

    /** Takes the ETags from the listing, without reading any object. */
    @Override
    public SortedMap<String, String> etags(String start) {
        SortedMap<String, String> etags = new TreeMap<>();
        s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + start)).contents().stream()
                .filter(object -> !object.key().endsWith("/"))
                .forEach(object -> etags.put(object.key().substring(prefix.length()), object.eTag()));
        return etags;
    }

    private String at(String key) {
        return prefix + ObjectStores.checked(key);
    }

    @Override
    public String location() {
        return "s3://" + bucket + "/" + prefix;
    }

    @Override
    public String toString() {
        return location();
    }
}
