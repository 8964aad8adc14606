package dev.holdfast.kinds.s3;

import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.s3.BucketKind.BucketEncryption;
import dev.holdfast.kinds.s3.BucketKind.EncryptionRule;
import dev.holdfast.kinds.s3.BucketKind.Logging;
import dev.holdfast.kinds.s3.BucketKind.OwnershipControls;
import dev.holdfast.kinds.s3.BucketKind.PublicAccessBlock;
import dev.holdfast.kinds.s3.BucketKind.Spec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.Tag;

/** Writes what changed of one bucket, one call after the other: S3 refuses two configuration calls at a time. */
final class BucketWriter {
    private final Change<Spec> change;
    private final S3Client s3;
    private final String bucket;
    private final String owner;
    private final BucketCalls calls;

    BucketWriter(Change<Spec> change) {
        this.change = change;
        this.s3 = change.client(S3Client.class);
        this.bucket = change.physicalId();
        this.owner = change.desired().stack().account();
        this.calls = new BucketCalls(s3, bucket, owner);
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
        if (change.touches(Spec::versioning)) {
            s3.putBucketVersioning(r -> r.bucket(bucket)
                    .expectedBucketOwner(owner)
                    .versioningConfiguration(c -> c.status(change.spec().versioning())));
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
        s3.putPublicAccessBlock(r ->
                r.bucket(bucket).expectedBucketOwner(owner).publicAccessBlockConfiguration(c -> Wire.fill(c, block)));
    }

    static @Nullable ObjectOwnership ownership(@Nullable OwnershipControls controls) {
        return controls == null || controls.rules() == null || controls.rules().isEmpty()
                ? null
                : controls.rules().getFirst().objectOwnership();
    }

    private void ownershipControls() {
        OwnershipControls controls = change.spec().ownershipControls();
        if (!change.touches(Spec::ownershipControls) || controls == null) {
            return;
        }
        if (ownership(controls) == null) {
            s3.deleteBucketOwnershipControls(r -> r.bucket(bucket).expectedBucketOwner(owner));
        } else {
            s3.putBucketOwnershipControls(
                    r -> r.bucket(bucket).expectedBucketOwner(owner).ownershipControls(c -> Wire.fill(c, controls)));
        }
    }

    private void encryption() {
        BucketEncryption encryption = change.spec().bucketEncryption();
        if (!change.touches(Spec::bucketEncryption) || encryption == null || encryption.rules() == null) {
            return;
        }
        // The put replaces the whole rule: what of it is not ours is taken over from what is there now.
        ServerSideEncryptionRule old = calls.encryptionRule();
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
        if (rules.requested().isEmpty()) {
            s3.deleteBucketLifecycle(r -> r.bucket(bucket).expectedBucketOwner(owner));
            return;
        }
        String size = desired.transitionDefaultMinimumObjectSize() == null
                ? observed.transitionDefaultMinimumObjectSize()
                : desired.transitionDefaultMinimumObjectSize();
        s3.putBucketLifecycleConfiguration(r -> r.bucket(bucket)
                .expectedBucketOwner(owner)
                .transitionDefaultMinimumObjectSize(size)
                .lifecycleConfiguration(c -> c.rules(rules.requested())));
    }

    private void cors() {
        BucketKind.Cors cors = change.spec().corsConfiguration();
        if (!change.touches(Spec::corsConfiguration) || cors == null) {
            return;
        }
        if (cors.corsRules() == null || cors.corsRules().isEmpty()) {
            s3.deleteBucketCors(r -> r.bucket(bucket).expectedBucketOwner(owner));
        } else {
            s3.putBucketCors(
                    r -> r.bucket(bucket).expectedBucketOwner(owner).corsConfiguration(c -> Wire.fill(c, cors)));
        }
    }

    private void logging() {
        Logging desired = change.spec().logging();
        if (!change.touches(Spec::logging) || desired == null) {
            return;
        }
        LoggingEnabled now = calls.logging();
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
        Map<String, String> all = new HashMap<>(calls.tags());
        all.putAll(put);
        all.keySet().removeAll(remove);
        s3.putBucketTagging(r ->
                r.bucket(bucket).expectedBucketOwner(owner).tagging(t -> t.tagSet(SdkShapes.pairs(all, Tag::builder))));
    }
}
