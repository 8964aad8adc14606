package dev.holdfast.kinds.s3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kinds.s3.BucketKind.Cors;
import dev.holdfast.kinds.s3.BucketKind.CorsRule;
import dev.holdfast.kinds.s3.BucketKind.Encryption;
import dev.holdfast.kinds.s3.BucketKind.EncryptionRule;
import dev.holdfast.kinds.s3.BucketKind.Logging;
import dev.holdfast.kinds.s3.BucketKind.ObjectOwnership;
import dev.holdfast.kinds.s3.BucketKind.OwnershipControls;
import dev.holdfast.kinds.s3.BucketKind.OwnershipRule;
import dev.holdfast.kinds.s3.BucketKind.PublicAccessBlock;
import dev.holdfast.kinds.s3.BucketKind.Spec;
import dev.holdfast.kinds.s3.BucketKind.SseAlgorithm;
import dev.holdfast.kinds.s3.BucketKind.Versioning;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.Tag;

/** Reads one bucket of ours: each sub-resource as a slow facet, but for the public access block. */
final class BucketReader {
    private final S3Client s3;
    private final Scope<Spec> scope;
    private final String owner;

    BucketReader(S3Client s3, Scope<Spec> scope) {
        this.s3 = s3;
        this.scope = scope;
        this.owner = scope.stack().account();
    }

    Known<Spec> read(String name, Identity identity, @Nullable Map<String, String> desiredTags) {
        String region = scope.clients().region();
        String arn = "arn:" + Partitions.id(region) + ":s3:::" + name;
        Map<String, String> tags = scope.tags("s3", arn, name, desiredTags, () -> tags(s3, name, owner));
        Optional<Versioning> versioning = scope.slow(name, "versioning", () -> versioning(name));
        Optional<Logging> logging = scope.slow(name, "logging", () -> logging(name));
        Spec spec = new Spec(
                name,
                // Read at every pass: what opens a bucket to the world is to be undone within one interval.
                publicAccessBlock(name),
                scope.slow(name, "ownershipControls", () -> ownershipControls(name)),
                scope.slow(name, "bucketEncryption", () -> encryption(name)),
                versioning.orElse(null),
                scope.slow(name, "lifecycleConfiguration", () -> lifecycle(name)),
                scope.slow(name, "corsConfiguration", () -> cors(name)),
                logging.orElse(null),
                scope.slow(name, "policy", () -> policy(name)),
                tags);
        return Known.of(identity.belongingTo(null).tagged(tags), spec)
                .output("name", name)
                .output("arn", arn)
                .output("regionalDomainName", name + ".s3." + region + "." + Partitions.dnsSuffix(region));
    }

    static Map<String, String> tags(S3Client s3, String name, String owner) {
        return orElse(
                "NoSuchTagSet",
                Map.of(),
                () -> s3.getBucketTagging(r -> r.bucket(name).expectedBucketOwner(owner)).tagSet().stream()
                        .collect(java.util.stream.Collectors.toUnmodifiableMap(Tag::key, Tag::value)));
    }

    /** S3 answers a sub-resource that is not there with an error of its own code; any other error is one. */
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

    /** Without a configuration nothing is blocked. */
    private PublicAccessBlock publicAccessBlock(String name) {
        return orElse("NoSuchPublicAccessBlockConfiguration", new PublicAccessBlock(false, false, false, false), () -> {
            PublicAccessBlockConfiguration c = s3.getPublicAccessBlock(
                            r -> r.bucket(name).expectedBucketOwner(owner))
                    .publicAccessBlockConfiguration();
            return new PublicAccessBlock(
                    c.blockPublicAcls(), c.ignorePublicAcls(), c.blockPublicPolicy(), c.restrictPublicBuckets());
        });
    }

    private OwnershipControls ownershipControls(String name) {
        return orElse(
                "OwnershipControlsNotFoundError",
                new OwnershipControls(List.of()),
                () -> new OwnershipControls(s3
                        .getBucketOwnershipControls(r -> r.bucket(name).expectedBucketOwner(owner))
                        .ownershipControls()
                        .rules()
                        .stream()
                        .map(r -> new OwnershipRule(ObjectOwnership.valueOf(r.objectOwnershipAsString())))
                        .toList()));
    }

    private Encryption encryption(String name) {
        return orElse(
                "ServerSideEncryptionConfigurationNotFoundError",
                new Encryption(List.of()),
                () -> new Encryption(s3
                        .getBucketEncryption(r -> r.bucket(name).expectedBucketOwner(owner))
                        .serverSideEncryptionConfiguration()
                        .rules()
                        .stream()
                        .map(BucketReader::rule)
                        .toList()));
    }

    private static EncryptionRule rule(ServerSideEncryptionRule rule) {
        var byDefault = rule.applyServerSideEncryptionByDefault();
        String algorithm = byDefault == null ? "" : byDefault.sseAlgorithmAsString();
        return new EncryptionRule(
                switch (algorithm) {
                    case "aws:kms" -> SseAlgorithm.KMS;
                    case "aws:kms:dsse" -> SseAlgorithm.KMS_DSSE;
                    default -> SseAlgorithm.AES256;
                },
                byDefault == null ? null : byDefault.kmsMasterKeyID(),
                rule.bucketKeyEnabled());
    }

    private Optional<Versioning> versioning(String name) {
        return Optional.ofNullable(s3.getBucketVersioning(r -> r.bucket(name).expectedBucketOwner(owner))
                        .statusAsString())
                .map(Versioning::valueOf);
    }

    private BucketLifecycle lifecycle(String name) {
        return orElse(
                "NoSuchLifecycleConfiguration",
                new BucketLifecycle(List.of(), null),
                () -> BucketLifecycle.of(
                        s3.getBucketLifecycleConfiguration(r -> r.bucket(name).expectedBucketOwner(owner))));
    }

    private Cors cors(String name) {
        return orElse(
                "NoSuchCORSConfiguration",
                new Cors(List.of()),
                () -> new Cors(s3.getBucketCors(r -> r.bucket(name).expectedBucketOwner(owner)).corsRules().stream()
                        .map(r -> new CorsRule(
                                r.id(),
                                new HashSet<>(r.allowedOrigins()),
                                new HashSet<>(r.allowedMethods()),
                                new HashSet<>(r.allowedHeaders()),
                                new HashSet<>(r.exposeHeaders()),
                                r.maxAgeSeconds()))
                        .toList()));
    }

    private Optional<Logging> logging(String name) {
        LoggingEnabled logging = s3.getBucketLogging(r -> r.bucket(name).expectedBucketOwner(owner))
                .loggingEnabled();
        return logging == null
                ? Optional.empty()
                : Optional.of(new Logging(logging.targetBucket(), logging.targetPrefix()));
    }

    private JsonNode policy(String name) {
        return orElse(
                "NoSuchBucketPolicy",
                JsonNodeFactory.instance.objectNode(),
                () -> PolicyDocuments.parse(
                        s3.getBucketPolicy(r -> r.bucket(name).expectedBucketOwner(owner))
                                .policy()));
    }
}
