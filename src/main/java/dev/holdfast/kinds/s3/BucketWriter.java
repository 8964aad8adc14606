package dev.holdfast.kinds.s3;

import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Change;
import dev.holdfast.kinds.s3.BucketKind.CorsRule;
import dev.holdfast.kinds.s3.BucketKind.Encryption;
import dev.holdfast.kinds.s3.BucketKind.EncryptionRule;
import dev.holdfast.kinds.s3.BucketKind.Logging;
import dev.holdfast.kinds.s3.BucketKind.OwnershipControls;
import dev.holdfast.kinds.s3.BucketKind.OwnershipRule;
import dev.holdfast.kinds.s3.BucketKind.PublicAccessBlock;
import dev.holdfast.kinds.s3.BucketKind.Spec;
import dev.holdfast.kinds.s3.BucketKind.Versioning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.Tag;

/** Writes what changed of one bucket, one call after the other: S3 refuses two configuration calls at a time. */
final class BucketWriter {
    private final Change<Spec> change;
    private final S3Client s3;
    private final String bucket;
    private final String owner;

    BucketWriter(Change<Spec> change) {
        this.change = change;
        this.s3 = change.client(S3Client.class);
        this.bucket = change.physicalId();
        this.owner = change.desired().stack().account();
    }

    /**
     * What restricts comes first and the policy late. Where access is loosened, only public policies are let in before the
     * new policy is there; what kept the old one harmless goes afterwards.
     */
    void write() {
        PublicAccessBlock interim = interim();
        if (change.touches(Spec::publicAccessBlock)
                && !interim.equals(change.observed().spec().publicAccessBlock())) {
            put(interim);
        }
        ownershipControls();
        encryption();
        Versioning versioning = change.spec().versioning();
        if (change.touches(Spec::versioning) && versioning != null) {
            s3.putBucketVersioning(r -> r.bucket(bucket)
                    .expectedBucketOwner(owner)
                    .versioningConfiguration(c -> c.status(versioning.name())));
        }
        lifecycle();
        cors();
        logging();
        policy();
        PublicAccessBlock end = merged();
        if (change.touches(Spec::publicAccessBlock) && !end.equals(interim)) {
            put(end);
        }
        tags();
    }

    /** The desired one; what it does not say stays as observed. */
    private PublicAccessBlock merged() {
        PublicAccessBlock desired = orNone(change.spec().publicAccessBlock());
        PublicAccessBlock observed = orNone(change.observed().spec().publicAccessBlock());
        return new PublicAccessBlock(
                either(desired.blockPublicAcls(), observed.blockPublicAcls()),
                either(desired.ignorePublicAcls(), observed.ignorePublicAcls()),
                either(desired.blockPublicPolicy(), observed.blockPublicPolicy()),
                either(desired.restrictPublicBuckets(), observed.restrictPublicBuckets()));
    }

    private PublicAccessBlock interim() {
        PublicAccessBlock end = merged();
        PublicAccessBlock observed = orNone(change.observed().spec().publicAccessBlock());
        return new PublicAccessBlock(
                both(end.blockPublicAcls(), observed.blockPublicAcls()),
                both(end.ignorePublicAcls(), observed.ignorePublicAcls()),
                end.blockPublicPolicy(),
                both(end.restrictPublicBuckets(), observed.restrictPublicBuckets()));
    }

    private static PublicAccessBlock orNone(@Nullable PublicAccessBlock block) {
        return block == null ? new PublicAccessBlock(null, null, null, null) : block;
    }

    private static boolean either(@Nullable Boolean desired, @Nullable Boolean observed) {
        return desired == null ? Boolean.TRUE.equals(observed) : desired;
    }

    private static boolean both(@Nullable Boolean one, @Nullable Boolean other) {
        return Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other);
    }

    private void put(PublicAccessBlock block) {
        s3.putPublicAccessBlock(r -> r.bucket(bucket)
                .expectedBucketOwner(owner)
                .publicAccessBlockConfiguration(c -> c.blockPublicAcls(block.blockPublicAcls())
                        .ignorePublicAcls(block.ignorePublicAcls())
                        .blockPublicPolicy(block.blockPublicPolicy())
                        .restrictPublicBuckets(block.restrictPublicBuckets())));
    }

    static @Nullable String ownership(Spec spec) {
        OwnershipControls controls = spec.ownershipControls();
        List<OwnershipRule> rules = controls == null ? null : controls.rules();
        return rules == null || rules.isEmpty()
                ? null
                : Objects.requireNonNull(rules.getFirst().objectOwnership()).name();
    }

    private void ownershipControls() {
        if (!change.touches(Spec::ownershipControls)) {
            return;
        }
        String ownership = ownership(change.spec());
        if (ownership == null) {
            s3.deleteBucketOwnershipControls(r -> r.bucket(bucket).expectedBucketOwner(owner));
        } else {
            s3.putBucketOwnershipControls(r -> r.bucket(bucket)
                    .expectedBucketOwner(owner)
                    .ownershipControls(
                            c -> c.rules(software.amazon.awssdk.services.s3.model.OwnershipControlsRule.builder()
                                    .objectOwnership(ownership)
                                    .build())));
        }
    }

    private void encryption() {
        Encryption encryption = change.spec().bucketEncryption();
        if (!change.touches(Spec::bucketEncryption) || encryption == null || encryption.rules() == null) {
            return;
        }
        // The put replaces the whole rule: what of it is not ours is taken over from what is there now.
        List<ServerSideEncryptionRule> now = s3.getBucketEncryption(
                        r -> r.bucket(bucket).expectedBucketOwner(owner))
                .serverSideEncryptionConfiguration()
                .rules();
        ServerSideEncryptionRule old =
                now.isEmpty() ? ServerSideEncryptionRule.builder().build() : now.getFirst();
        EncryptionRule desired = encryption.rules().getFirst();
        String algorithm = String.valueOf(desired.sseAlgorithm());
        ServerSideEncryptionByDefault byDefault = old.applyServerSideEncryptionByDefault();
        String oldKey = byDefault != null && algorithm.equals(byDefault.sseAlgorithmAsString())
                ? byDefault.kmsMasterKeyID()
                : null;
        String key = desired.kmsMasterKeyId() == null ? oldKey : desired.kmsMasterKeyId();
        s3.putBucketEncryption(r -> r.bucket(bucket)
                .expectedBucketOwner(owner)
                .serverSideEncryptionConfiguration(c -> c.rules(old.toBuilder()
                        .applyServerSideEncryptionByDefault(
                                d -> d.sseAlgorithm(algorithm).kmsMasterKeyID(key))
                        .bucketKeyEnabled(desired.bucketKeyEnabled())
                        .build())));
    }

    private void lifecycle() {
        BucketLifecycle desired = change.spec().lifecycleConfiguration();
        if (!change.touches(Spec::lifecycleConfiguration) || desired == null) {
            return;
        }
        BucketLifecycle observed = Objects.requireNonNullElse(
                change.observed().spec().lifecycleConfiguration(), new BucketLifecycle(List.of(), null));
        BucketLifecycle rules = desired.rules() == null ? observed : desired;
        if (rules.sdkRules().isEmpty()) {
            s3.deleteBucketLifecycle(r -> r.bucket(bucket).expectedBucketOwner(owner));
            return;
        }
        String size = desired.transitionDefaultMinimumObjectSize() == null
                ? observed.transitionDefaultMinimumObjectSize()
                : desired.transitionDefaultMinimumObjectSize();
        s3.putBucketLifecycleConfiguration(r -> r.bucket(bucket)
                .expectedBucketOwner(owner)
                .transitionDefaultMinimumObjectSize(size)
                .lifecycleConfiguration(c -> c.rules(rules.sdkRules())));
    }

    private void cors() {
        BucketKind.Cors cors = change.spec().corsConfiguration();
        if (!change.touches(Spec::corsConfiguration) || cors == null) {
            return;
        }
        List<CorsRule> rules = Objects.requireNonNullElse(cors.corsRules(), List.of());
        if (rules.isEmpty()) {
            s3.deleteBucketCors(r -> r.bucket(bucket).expectedBucketOwner(owner));
        } else {
            s3.putBucketCors(r -> r.bucket(bucket)
                    .expectedBucketOwner(owner)
                    .corsConfiguration(c ->
                            c.corsRules(rules.stream().map(BucketWriter::rule).toList())));
        }
    }

    private static CORSRule rule(CorsRule rule) {
        return CORSRule.builder()
                .id(rule.id())
                .allowedOrigins(sorted(rule.allowedOrigins()))
                .allowedMethods(sorted(rule.allowedMethods()))
                .allowedHeaders(sorted(rule.allowedHeaders()))
                .exposeHeaders(sorted(rule.exposeHeaders()))
                .maxAgeSeconds(rule.maxAgeSeconds())
                .build();
    }

    private static @Nullable List<String> sorted(@Nullable Set<String> values) {
        return values == null || values.isEmpty()
                ? null
                : values.stream().sorted().toList();
    }

    private void logging() {
        Logging desired = change.spec().logging();
        if (!change.touches(Spec::logging) || desired == null) {
            return;
        }
        LoggingEnabled now = s3.getBucketLogging(r -> r.bucket(bucket).expectedBucketOwner(owner))
                .loggingEnabled();
        LoggingEnabled logging = (now == null ? LoggingEnabled.builder() : now.toBuilder())
                .targetBucket(desired.targetBucket())
                .targetPrefix(Objects.requireNonNullElse(desired.targetPrefix(), ""))
                .build();
        s3.putBucketLogging(
                r -> r.bucket(bucket).expectedBucketOwner(owner).bucketLoggingStatus(b -> b.loggingEnabled(logging)));
    }

    private void policy() {
        if (!change.touches(Spec::policy) || change.spec().policy() == null) {
            return;
        }
        if (change.spec().policy().isEmpty()) {
            s3.deleteBucketPolicy(r -> r.bucket(bucket).expectedBucketOwner(owner));
        } else {
            s3.putBucketPolicy(r -> r.bucket(bucket)
                    .expectedBucketOwner(owner)
                    .policy(PolicyDocuments.text(change.spec().policy())));
        }
    }

    /** S3 only takes the whole set: read again, so that what somebody else put on meanwhile stays. */
    private void tags() {
        Map<String, String> put = change.tagsToPut(Spec::tags);
        Set<String> remove = change.tagsToRemove(Spec::tags);
        if (put.isEmpty() && remove.isEmpty()) {
            return;
        }
        Map<String, String> all = new HashMap<>(BucketReader.tags(s3, bucket, owner));
        all.putAll(put);
        all.keySet().removeAll(remove);
        s3.putBucketTagging(r -> r.bucket(bucket).expectedBucketOwner(owner).tagging(t -> t.tagSet(tags(all))));
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }
}
