package dev.holdfast.kinds.s3;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.wire.Wire;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What of public access to a bucket is blocked.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html">
 *     PublicAccessBlockConfiguration</a>
 */
public record PublicAccessBlock(
        @Doc("Whether requests are refused that would make an ACL public.")
        Boolean blockPublicAcls,

        @Doc("Whether public ACLs count for nothing.") Boolean ignorePublicAcls,

        @Doc("Whether public bucket policies are refused.") Boolean blockPublicPolicy,

        @Doc("Whether a public bucket policy lets in only AWS services and this account.")
        Boolean restrictPublicBuckets) {

    /** Puts the block of public access, unless it is already there. */
    static void put(S3Client s3, Change<BucketKind.Spec> change, @Nullable PublicAccessBlock there, boolean interim) {
        PublicAccessBlock block = of(change, interim);
        if (!block.equals(there)) {
            s3.putPublicAccessBlock(
                    r -> r.bucket(change.physicalId()).publicAccessBlockConfiguration(c -> Wire.fill(c, block)));
        }
    }

    /**
     * The desired block; what it does not say stays as observed.
     *
     * @param interim what is observed stays too, but for what keeps public policies out
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
