package dev.holdfast.kinds.s3;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.OnlyWith;
import dev.holdfast.kind.ReadFrom;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/**
 * The default encryption of a bucket, for objects whose upload sets none.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html">
 *     ServerSideEncryptionConfiguration</a>
 */
public record BucketEncryption(
        @Doc("One rule. An empty list is SSE-S3, because S3 encrypts every bucket.")
        List<EncryptionRule> rules) {
    public BucketEncryption {
        rules = rules != null && rules.isEmpty() ? List.of(new EncryptionRule(null, null, null)) : rules;
    }

    public record EncryptionRule(
            @Doc("The algorithm: AES256, aws:kms or aws:kms:dsse.")
            @ReadFrom("applyServerSideEncryptionByDefault.sseAlgorithm")
            @Offers({"AES256", "aws:kms", "aws:kms:dsse"})
            ServerSideEncryption sseAlgorithm,

            @Doc("The KMS key; absent: the AWS managed key for S3.")
            @ReadFrom("applyServerSideEncryptionByDefault.kmsMasterKeyID")
            @OnlyWith(
                    field = "sseAlgorithm",
                    value = {"aws:kms", "aws:kms:dsse"})
            String kmsMasterKeyId,

            @Doc("Whether S3 uses a bucket key, which reduces calls to KMS.")
            Boolean bucketKeyEnabled) {
        public EncryptionRule {
            sseAlgorithm = requireNonNullElse(sseAlgorithm, ServerSideEncryption.AES256);
            bucketKeyEnabled = requireNonNullElse(bucketKeyEnabled, false);
        }
    }

    /** The call replaces the whole rule, so that members that no document owns are copied from the observed rule. */
    static void change(S3Client s3, Change<BucketKind.Spec> change) {
        BucketEncryption encryption = change.spec().bucketEncryption();
        if (encryption == null || encryption.rules() == null) {
            return;
        }
        EncryptionRule desired = encryption.rules().getFirst();
        ServerSideEncryptionRule old = s3
                .getBucketEncryption(r -> r.bucket(change.physicalId()))
                .serverSideEncryptionConfiguration()
                .rules()
                .stream()
                .findFirst()
                .orElse(ServerSideEncryptionRule.builder().build());
        String algorithm = String.valueOf(desired.sseAlgorithm());
        ServerSideEncryptionByDefault byDefault = old.applyServerSideEncryptionByDefault();
        String oldKey = byDefault != null && algorithm.equals(byDefault.sseAlgorithmAsString())
                ? byDefault.kmsMasterKeyID()
                : null;
        s3.putBucketEncryption(r -> r.bucket(change.physicalId())
                .serverSideEncryptionConfiguration(c ->
                        c.rules(old.copy(b -> b.applyServerSideEncryptionByDefault(d -> d.sseAlgorithm(algorithm)
                                        .kmsMasterKeyID(
                                                desired.kmsMasterKeyId() == null ? oldKey : desired.kmsMasterKeyId()))
                                .bucketKeyEnabled(desired.bucketKeyEnabled())))));
    }
}
