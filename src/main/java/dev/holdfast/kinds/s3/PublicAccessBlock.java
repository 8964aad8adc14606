package dev.holdfast.kinds.s3;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.wire.Wire;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The kinds of public access to a bucket that are blocked.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html">
 *     PublicAccessBlockConfiguration</a>
 */
public record PublicAccessBlock(
        @Doc("Whether S3 rejects requests that set a public ACL.")
        Boolean blockPublicAcls,

        @Doc("Whether S3 ignores public ACLs.") Boolean ignorePublicAcls,

        @Doc("Whether S3 rejects public bucket policies.") Boolean blockPublicPolicy,

        @Doc("Whether a bucket with a public policy is accessible only to AWS services and this account.")
        Boolean restrictPublicBuckets) {

    /** Puts the block of public access, unless it already has this form. */
    static void put(S3Client s3, Change<BucketKind.Spec> change, @Nullable PublicAccessBlock there, boolean interim) {
        PublicAccessBlock block = of(change, interim);
        if (!block.equals(there)) {
            s3.putPublicAccessBlock(
                    r -> r.bucket(change.physicalId()).publicAccessBlockConfiguration(c -> Wire.fill(c, block)));
        }
    }

    /**
     * The desired block. A switch that the document does not set stays as observed.
     *
     * @param interim whether observed switches stay on too, except blockPublicPolicy
     */
    static PublicAccessBlock of(Change<BucketKind.Spec> change, boolean interim) {
        PublicAccessBlock none = new PublicAccessBlock(null, null, null, null);
        PublicAccessBlock desired = requireNonNullElse(change.spec().publicAccessBlock(), none);
        PublicAccessBlock observed = requireNonNullElse(change.observed().spec().publicAccessBlock(), none);
        return new PublicAccessBlock(
                blocks(desired.blockPublicAcls(), observed.blockPublicAcls(), interim),
                blocks(desired.ignorePublicAcls(), observed.ignorePublicAcls(), interim),
                blocks(desired.blockPublicPolicy(), observed.blockPublicPolicy(), false),
                blocks(desired.restrictPublicBuckets(), observed.restrictPublicBuckets(), interim));
    }

    private static boolean blocks(@Nullable Boolean desired, @Nullable Boolean observed, boolean interim) {
        boolean there = Boolean.TRUE.equals(observed);
        return desired == null ? there : desired || (interim && there);
    }
}
