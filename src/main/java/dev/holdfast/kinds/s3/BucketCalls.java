package dev.holdfast.kinds.s3;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.s3.BucketKind.BucketEncryption;
import dev.holdfast.kinds.s3.BucketKind.Cors;
import dev.holdfast.kinds.s3.BucketKind.Logging;
import dev.holdfast.kinds.s3.BucketKind.OwnershipControls;
import dev.holdfast.kinds.s3.BucketKind.PublicAccessBlock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** The reads of one bucket's configuration; each names the account that must own the bucket. */
record BucketCalls(S3Client s3, String bucket, String owner) {
    /** The read of each part of the configuration, by the spec's component; empty: the bucket has none. */
    static final Map<String, Function<BucketCalls, Optional<?>>> READS = Map.of(
            "publicAccessBlock", calls -> Optional.of(calls.publicAccessBlock()),
            "ownershipControls", calls -> Optional.of(calls.ownershipControls()),
            "bucketEncryption", calls -> Optional.of(calls.encryption()),
            "versioning", BucketCalls::versioning,
            "lifecycleConfiguration", calls -> Optional.of(calls.lifecycle()),
            "corsConfiguration", calls -> Optional.of(calls.cors()),
            "logging", calls -> Optional.ofNullable(calls.logging()).map(l -> Wire.read(Logging.class, l)),
            "policy",
                    calls -> Optional.of(orElse(
                            "NoSuchBucketPolicy",
                            JsonNodeFactory.instance.objectNode(),
                            () -> PolicyDocuments.parse(calls.s3
                                    .getBucketPolicy(r -> r.bucket(calls.bucket).expectedBucketOwner(calls.owner))
                                    .policy()))));

    Map<String, String> tags() {
        return orElse(
                "NoSuchTagSet",
                Map.of(),
                () -> SdkShapes.map(s3.getBucketTagging(r -> r.bucket(bucket).expectedBucketOwner(owner))
                        .tagSet()));
    }

    /** S3 answers a part that is not there with an error of its own code; any other error is one. */
    private static <T> T orElse(String code, T none, Supplier<T> read) {
        try {
            return read.get();
        } catch (S3Exception e) {
            if (e.awsErrorDetails() != null && code.equals(e.awsErrorDetails().errorCode())) {
                return none;
            }
            throw e;
        }
    }

    private static <R extends Record> R orElse(String code, R none, Class<R> type, Supplier<SdkPojo> read) {
        return orElse(code, none, () -> Wire.read(type, read.get()));
    }

    private PublicAccessBlock publicAccessBlock() {
        return orElse(
                "NoSuchPublicAccessBlockConfiguration",
                new PublicAccessBlock(false, false, false, false),
                PublicAccessBlock.class,
                () -> s3.getPublicAccessBlock(r -> r.bucket(bucket).expectedBucketOwner(owner))
                        .publicAccessBlockConfiguration());
    }

    private OwnershipControls ownershipControls() {
        return orElse(
                "OwnershipControlsNotFoundError",
                new OwnershipControls(List.of()),
                OwnershipControls.class,
                () -> s3.getBucketOwnershipControls(r -> r.bucket(bucket).expectedBucketOwner(owner))
                        .ownershipControls());
    }

    private BucketEncryption encryption() {
        return orElse(
                "ServerSideEncryptionConfigurationNotFoundError",
                new BucketEncryption(List.of()),
                BucketEncryption.class,
                () -> s3.getBucketEncryption(r -> r.bucket(bucket).expectedBucketOwner(owner))
                        .serverSideEncryptionConfiguration());
    }

    /** The rule that is in force; every bucket has one. */
    ServerSideEncryptionRule encryptionRule() {
        List<ServerSideEncryptionRule> rules = s3.getBucketEncryption(
                        r -> r.bucket(bucket).expectedBucketOwner(owner))
                .serverSideEncryptionConfiguration()
                .rules();
        return rules.isEmpty() ? ServerSideEncryptionRule.builder().build() : rules.getFirst();
    }

    private Optional<BucketVersioningStatus> versioning() {
        return Optional.ofNullable(s3.getBucketVersioning(r -> r.bucket(bucket).expectedBucketOwner(owner))
                .status());
    }

    private BucketLifecycle lifecycle() {
        return orElse(
                "NoSuchLifecycleConfiguration",
                new BucketLifecycle(List.of(), null),
                () -> BucketLifecycle.of(
                        s3.getBucketLifecycleConfiguration(r -> r.bucket(bucket).expectedBucketOwner(owner))));
    }

    private Cors cors() {
        return orElse(
                "NoSuchCORSConfiguration",
                new Cors(List.of()),
                Cors.class,
                () -> s3.getBucketCors(r -> r.bucket(bucket).expectedBucketOwner(owner)));
    }

    @Nullable
    LoggingEnabled logging() {
        return s3.getBucketLogging(r -> r.bucket(bucket).expectedBucketOwner(owner))
                .loggingEnabled();
    }
}
