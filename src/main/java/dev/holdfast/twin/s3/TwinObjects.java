package dev.holdfast.twin.s3;

import dev.holdfast.twin.s3.TwinBucket.ObjectState;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.TwinContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.utils.FunctionalUtils;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** The operations of S3 on the objects of a bucket. */
final class TwinObjects {
    /** AWS's largest and default page size. */
    private static final int PAGE = 1000;

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    private final TwinContext context;

    TwinObjects(TwinContext context) {
        this.context = context;
    }

    /**
     * Follows AWS's rules for <a
     * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">conditional writes</a>: a
     * failed condition returns 412, and If-Match on a missing object returns 404.
     */
    PutObjectResponse put(TwinBucket bucket, PutObjectRequest request, RequestBody body) {
        byte[] content = read(body);
        ObjectState current = bucket.current(request.key());
        if (request.ifNoneMatch() != null && current != null) {
            throw S3Errors.preconditionFailed();
        }
        requireMatch(request.ifMatch(), current);
        boolean versioned = bucket.versioning == BucketVersioningStatus.ENABLED;
        ObjectState version = new ObjectState(
                versioned ? context.hex(32) : "null",
                SdkBytes.fromByteArray(content),
                etag(content),
                Objects.requireNonNullElse(request.contentType(), "binary/octet-stream"),
                request.metadata(),
                context.now());
        bucket.add(request.key(), version);
        return PutObjectResponse.builder()
                .eTag(version.etag())
                .versionId(versioned ? version.id() : null)
                .serverSideEncryption(encryption(bucket))
                .build();
    }

    <R> R get(TwinBucket bucket, GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        ObjectState version = find(bucket, request.key(), request.versionId());
        requireRead(version, request.ifMatch(), request.ifNoneMatch());
        byte[] content = version.bytes();
        GetObjectResponse.Builder response = GetObjectResponse.builder()
                .eTag(version.etag())
                .versionId(version.id().equals("null") ? null : version.id())
                .contentType(version.contentType())
                .lastModified(version.modified())
                .metadata(version.metadata())
                .acceptRanges("bytes")
                .serverSideEncryption(encryption(bucket));
        byte[] part = part(content, request.range(), response);
        response.contentLength((long) part.length);
        return FunctionalUtils.invokeSafely(() ->
                transformer.transform(response.build(), AbortableInputStream.create(new ByteArrayInputStream(part))));
    }

    HeadObjectResponse head(TwinBucket bucket, HeadObjectRequest request) {
        ObjectState version = find(bucket, request.key(), request.versionId());
        requireRead(version, request.ifMatch(), request.ifNoneMatch());
        return HeadObjectResponse.builder()
                .eTag(version.etag())
                .versionId(version.id().equals("null") ? null : version.id())
                .contentType(version.contentType())
                .contentLength((long) version.bytes().length)
                .lastModified(version.modified())
                .metadata(version.metadata())
                .acceptRanges("bytes")
                .serverSideEncryption(encryption(bucket))
                .build();
    }

    DeleteObjectResponse delete(TwinBucket bucket, DeleteObjectRequest request) {
        if (request.versionId() != null) {
            ObjectState version = bucket.version(request.key(), request.versionId());
            bucket.remove(request.key(), request.versionId());
            return DeleteObjectResponse.builder()
                    .versionId(request.versionId())
                    .deleteMarker((version != null && version.marker()) ? true : null)
                    .build();
        }
        if (request.ifMatch() != null) {
            requireMatch(request.ifMatch(), bucket.current(request.key()));
        }
        if (bucket.versioning == null) {
            bucket.remove(request.key(), "null");
            return DeleteObjectResponse.builder().build();
        }
        String id = bucket.versioning == BucketVersioningStatus.ENABLED ? context.hex(32) : "null";
        bucket.add(request.key(), new ObjectState(id, null, "", "", Map.of(), context.now()));
        return DeleteObjectResponse.builder().versionId(id).deleteMarker(true).build();
    }

    ListObjectsV2Response list(TwinBucket bucket, ListObjectsV2Request request) {
        String prefix = Objects.requireNonNullElse(request.prefix(), "");
        String delimiter = Objects.requireNonNullElse(request.delimiter(), "");
        String startAfter = Objects.requireNonNullElse(request.startAfter(), "");
        int size = context.settings().pageSize(PAGE, request.maxKeys());
        boolean url = request.encodingType() == EncodingType.URL;
        List<S3Object> contents = new ArrayList<>();
        List<CommonPrefix> prefixes = new ArrayList<>();
        String last = lastGiven(request.continuationToken());
        boolean more = false;
        for (String key : bucket.objects.tailMap(prefix, true).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            ObjectState version = bucket.current(key);
            int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String item = cut < 0 ? key : key.substring(0, cut + delimiter.length());
            // A common prefix counts as one item for all keys below it.
            if (version == null || key.compareTo(startAfter) <= 0 || item.compareTo(last) <= 0) {
                continue;
            }
            if (contents.size() + prefixes.size() == size) {
                more = true;
                break;
            }
            last = item;
            if (cut < 0) {
                contents.add(object(url, key, version));
            } else {
                prefixes.add(CommonPrefix.builder().prefix(encode(url, item)).build());
            }
        }
        return ListObjectsV2Response.builder()
                .name(bucket.name)
                .prefix(encode(url, prefix))
                .delimiter(request.delimiter() == null ? null : encode(url, delimiter))
                .encodingType(request.encodingType())
                .startAfter(request.startAfter() == null ? null : encode(url, request.startAfter()))
                .maxKeys(request.maxKeys() == null ? PAGE : request.maxKeys())
                .contents(contents)
                .commonPrefixes(prefixes)
                .keyCount(contents.size() + prefixes.size())
                .continuationToken(request.continuationToken())
                .isTruncated(more)
                .nextContinuationToken(more ? token(last) : null)
                .build();
    }

    /** Returns all versions on one page, which is enough for a test to empty a versioned bucket. */
    ListObjectVersionsResponse versions(TwinBucket bucket, ListObjectVersionsRequest request) {
        String prefix = Objects.requireNonNullElse(request.prefix(), "");
        boolean url = request.encodingType() == EncodingType.URL;
        List<ObjectVersion> versions = new ArrayList<>();
        List<DeleteMarkerEntry> markers = new ArrayList<>();
        bucket.objects.forEach((key, all) -> {
            if (key.startsWith(prefix)) {
                for (ObjectState v : all.reversed()) {
                    boolean latest = v.equals(all.getLast());
                    if (v.marker()) {
                        markers.add(DeleteMarkerEntry.builder()
                                .key(encode(url, key))
                                .versionId(v.id())
                                .isLatest(latest)
                                .lastModified(v.modified())
                                .build());
                    } else {
                        versions.add(ObjectVersion.builder()
                                .key(encode(url, key))
                                .versionId(v.id())
                                .isLatest(latest)
                                .lastModified(v.modified())
                                .eTag(v.etag())
                                .size((long) v.bytes().length)
                                .storageClass(ObjectVersionStorageClass.STANDARD)
                                .build());
                    }
                }
            }
        });
        return ListObjectVersionsResponse.builder()
                .name(bucket.name)
                .prefix(encode(url, prefix))
                .encodingType(request.encodingType())
                .maxKeys(PAGE)
                .versions(versions)
                .deleteMarkers(markers)
                .commonPrefixes(List.of())
                .isTruncated(false)
                .build();
    }

    private static S3Object object(boolean url, String key, ObjectState version) {
        return S3Object.builder()
                .key(encode(url, key))
                .eTag(version.etag())
                .size((long) version.bytes().length)
                .lastModified(version.modified())
                .storageClass(ObjectStorageClass.STANDARD)
                .build();
    }

    private static String encode(boolean url, String text) {
        return url ? SdkHttpUtils.urlEncodeIgnoreSlashes(text) : text;
    }

    private static String token(String last) {
        return Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    private static String lastGiven(@Nullable String token) {
        return token == null ? "" : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    }

    private static ObjectState find(TwinBucket bucket, String key, @Nullable String id) {
        ObjectState version = id == null ? bucket.current(key) : bucket.version(key, id);
        if (version == null) {
            throw S3Errors.noSuchKey();
        }
        if (version.marker()) {
            throw S3Errors.error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        }
        return version;
    }

    private static void requireMatch(@Nullable String etag, @Nullable ObjectState current) {
        if (etag != null) {
            if (current == null) {
                throw S3Errors.noSuchKey();
            }
            if (!matches(etag, current)) {
                throw S3Errors.preconditionFailed();
            }
        }
    }

    private static void requireRead(ObjectState version, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch != null && !matches(ifMatch, version)) {
            throw S3Errors.preconditionFailed();
        }
        if (ifNoneMatch != null && matches(ifNoneMatch, version)) {
            throw S3Errors.error(304, "NotModified", "Not Modified");
        }
    }

    private static boolean matches(String etag, ObjectState version) {
        return etag.equals("*") || etag.replace("\"", "").equals(version.etag().replace("\"", ""));
    }

    private static byte[] part(byte[] content, @Nullable String range, GetObjectResponse.Builder response) {
        Matcher m = RANGE.matcher(range == null ? "" : range);
        if (!m.matches() || (m.group(1).isEmpty() && m.group(2).isEmpty())) {
            return content;
        }
        int length = content.length;
        int from = m.group(1).isEmpty()
                ? Math.max(0, length - Integer.parseInt(m.group(2)))
                : Integer.parseInt(m.group(1));
        int to = m.group(1).isEmpty() || m.group(2).isEmpty()
                ? length - 1
                : Math.min(length - 1, Integer.parseInt(m.group(2)));
        if (from > to) {
            throw S3Errors.error(416, "InvalidRange", "The requested range is not satisfiable");
        }
        response.contentRange("bytes " + from + "-" + to + "/" + length);
        return Arrays.copyOfRange(content, from, to + 1);
    }

    private static @Nullable ServerSideEncryption encryption(TwinBucket bucket) {
        return bucket.encryption
                .rules()
                .getFirst()
                .applyServerSideEncryptionByDefault()
                .sseAlgorithm();
    }

    private static byte[] read(RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String etag(byte[] content) {
        return '"' + Contents.md5Hex(content) + '"';
    }
}
