package dev.holdfast.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One bucket in memory, with the conditions of PutObject. A page contains 7 keys. */
final class FakeS3 implements S3Client {
    static final String BUCKET = "bucket";
    private static final int PAGE = 7;

    private record Item(byte[] content, String etag) {}

    private final Map<String, Item> items = new TreeMap<>();
    private int writes;

    private static void bucket(String name) {
        if (!name.equals(BUCKET)) {
            throw NoSuchBucketException.builder()
                    .statusCode(404)
                    .message("no bucket")
                    .build();
        }
    }

    @Override
    public synchronized <T> T getObject(
            GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        bucket(request.bucket());
        Item item = items.get(request.key());
        if (item == null) {
            throw NoSuchKeyException.builder().statusCode(404).message("no key").build();
        }
        GetObjectResponse response = GetObjectResponse.builder()
                .eTag(item.etag())
                .contentLength((long) item.content().length)
                .build();
        try {
            return transformer.transform(
                    response, AbortableInputStream.create(new java.io.ByteArrayInputStream(item.content())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        bucket(request.bucket());
        Item there = items.get(request.key());
        if (request.ifMatch() != null && there == null) {
            throw NoSuchKeyException.builder().statusCode(404).message("no key").build();
        }
        if ((request.ifNoneMatch() != null && there != null)
                || (request.ifMatch() != null && !request.ifMatch().equals(there.etag()))) {
            throw error(412, "PreconditionFailed");
        }
        String etag = "\"" + (++writes) + "\"";
        try (InputStream in = body.contentStreamProvider().newStream()) {
            items.put(request.key(), new Item(in.readAllBytes(), etag));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PutObjectResponse.builder().eTag(etag).build();
    }

    static S3Exception error(int status, String code) {
        return (S3Exception) S3Exception.builder()
                .statusCode(status)
                .message(code)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    @Override
    public synchronized DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        bucket(request.bucket());
        items.remove(request.key());
        return DeleteObjectResponse.builder().build();
    }

    @Override
    public synchronized ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        bucket(request.bucket());
        String after = request.continuationToken() == null ? "" : request.continuationToken();
        List<String> rest = items.keySet().stream()
                .filter(k -> k.startsWith(request.prefix()) && k.compareTo(after) > 0)
                .toList();
        List<String> page = rest.stream().limit(PAGE).toList();
        return ListObjectsV2Response.builder()
                .contents(page.stream()
                        .map(k -> S3Object.builder()
                                .key(k)
                                .eTag(items.get(k).etag())
                                .build())
                        .toList())
                .isTruncated(rest.size() > PAGE)
                .nextContinuationToken(rest.size() > PAGE ? page.getLast() : null)
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
