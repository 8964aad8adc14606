package dev.holdfast.twin.s3;

import dev.holdfast.twin.store.TwinItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.s3.model.*;

/** One bucket: its subresources, which are null if they are not set, and the versions of its objects. */
final class TwinBucket {
    /**
     * One version of an object.
     *
     * @param content null for a delete marker
     * @param id {@code "null"} if the bucket was not versioned
     */
    record ObjectState(
            String id,
            @Nullable SdkBytes content,
            String etag,
            String contentType,
            Map<String, String> metadata,
            Instant modified) {
        boolean marker() {
            return content == null;
        }

        byte[] bytes() {
            return content == null ? new byte[0] : content.asByteArrayUnsafe();
        }
    }

    final String name;
    final String region;
    final Instant createdAt;
    final Map<String, String> tags = new TreeMap<>();

    /** The versions by key. The last version of a list is the current one. No list is empty. */
    final NavigableMap<String, List<ObjectState>> objects = new TreeMap<>();

    @Nullable
    PublicAccessBlockConfiguration publicAccessBlock;

    ServerSideEncryptionConfiguration encryption;

    @Nullable
    OwnershipControls ownership;

    @Nullable
    BucketVersioningStatus versioning;

    @Nullable
    String policy;

    List<LifecycleRule> lifecycle = List.of();

    @Nullable
    String minimumTransitionSize;

    List<CORSRule> cors = List.of();

    @Nullable
    LoggingEnabled logging;

    NotificationConfiguration notifications =
            NotificationConfiguration.builder().build();

    private TwinBucket(String name, String region, Instant createdAt, ServerSideEncryptionConfiguration encryption) {
        this.name = name;
        this.region = region;
        this.createdAt = createdAt;
        this.encryption = encryption;
    }

    /**
     * The settings of a new bucket: SSE-S3, no public access, no ACLs.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html">Default settings</a>
     */
    static TwinBucket create(CreateBucketRequest request, String region, Instant now) {
        TwinBucket bucket = new TwinBucket(request.bucket(), region, now, defaultEncryption());
        bucket.publicAccessBlock = PublicAccessBlockConfiguration.builder()
                .blockPublicAcls(true)
                .ignorePublicAcls(true)
                .blockPublicPolicy(true)
                .restrictPublicBuckets(true)
                .build();
        bucket.ownership = OwnershipControls.builder()
                .rules(OwnershipControlsRule.builder()
                        .objectOwnership(Objects.requireNonNullElse(
                                request.objectOwnership(), ObjectOwnership.BUCKET_OWNER_ENFORCED))
                        .build())
                .build();
        if (request.createBucketConfiguration() != null) {
            request.createBucketConfiguration().tags().forEach(t -> bucket.tags.put(t.key(), t.value()));
        }
        return bucket;
    }

    static ServerSideEncryptionConfiguration defaultEncryption() {
        return ServerSideEncryptionConfiguration.builder()
                .rules(ServerSideEncryptionRule.builder()
                        .applyServerSideEncryptionByDefault(sseS3())
                        .bucketKeyEnabled(false)
                        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
                        .blockedEncryptionTypes(b -> b.encryptionType(EncryptionType.SSE_C))
                        .build())
                .build();
    }

    static ServerSideEncryptionByDefault sseS3() {
        return ServerSideEncryptionByDefault.builder()
                .sseAlgorithm(ServerSideEncryption.AES256)
                .build();
    }

    /** The item for the inventory. */
    TwinItem item() {
        String detail =
                "region=" + region + " publicAccessBlock=" + publicAccessBlock + " encryption=" + encryptionDetail()
                        + " ownership=" + ownership + " versioning=" + versioning + " policy=" + policy + " lifecycle="
                        + lifecycle + " minimumTransitionSize=" + minimumTransitionSize + " cors=" + cors + " logging="
                        + logging + " notifications=" + notifications;
        return new TwinItem("s3", name, "arn:aws:s3:::" + name, new TreeMap<>(tags), detail, region);
    }

    /** The SDK hides the name of the key when it prints an encryption rule, although the name is not secret. */
    private String encryptionDetail() {
        return encryption.rules().stream()
                .map(rule -> rule.applyServerSideEncryptionByDefault().sseAlgorithmAsString() + " "
                        + rule.applyServerSideEncryptionByDefault().kmsMasterKeyID() + " " + rule.bucketKeyEnabled())
                .toList()
                .toString();
    }

    /** The current version, or null if there is none or it is a delete marker. */
    @Nullable
    ObjectState current(String key) {
        List<ObjectState> versions = objects.get(key);
        ObjectState last = versions == null ? null : versions.getLast();
        return last == null || last.marker() ? null : last;
    }

    @Nullable
    ObjectState version(String key, String id) {
        return objects.getOrDefault(key, List.of()).stream()
                .filter(v -> v.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Adds a current version. Without versioning, it replaces the version with the id {@code "null"}. */
    void add(String key, ObjectState version) {
        List<ObjectState> versions = objects.computeIfAbsent(key, k -> new ArrayList<>());
        versions.removeIf(v -> v.id().equals(version.id()));
        versions.add(version);
    }

    void remove(String key, String id) {
        List<ObjectState> versions = objects.get(key);
        if (versions != null) {
            versions.removeIf(v -> v.id().equals(id));
            if (versions.isEmpty()) {
                objects.remove(key);
            }
        }
    }
}
