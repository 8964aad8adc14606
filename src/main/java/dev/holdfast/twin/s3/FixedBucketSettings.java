package dev.holdfast.twin.s3;

import dev.holdfast.aws.SdkShapes;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;

/** Settings of a bucket for which the twin has no write calls. They have the values of a new bucket. */
abstract class FixedBucketSettings implements S3Client {
    /**
     * @throws software.amazon.awssdk.services.s3.model.S3Exception if the bucket does not exist or the caller has no
     *     access
     */
    abstract TwinBucket bucket(String name, @Nullable String expectedOwner);

    /** The bucket that a request names. */
    TwinBucket bucket(S3Request r) {
        return bucket(String.valueOf(SdkShapes.get(r, "bucket")), (String) SdkShapes.get(r, "expectedBucketOwner"));
    }

    /** The canonical user id of the account. */
    abstract String owner();

    /** As ACLs are disabled, the owner has full control, and nobody else has a grant. */
    @Override
    public GetBucketAclResponse getBucketAcl(GetBucketAclRequest r) {
        bucket(r);
        return GetBucketAclResponse.builder()
                .owner(o -> o.id(owner()))
                .grants(Grant.builder()
                        .grantee(g -> g.type(Type.CANONICAL_USER).id(owner()))
                        .permission(Permission.FULL_CONTROL)
                        .build())
                .build();
    }

    @Override
    public GetBucketAccelerateConfigurationResponse getBucketAccelerateConfiguration(
            GetBucketAccelerateConfigurationRequest r) {
        bucket(r);
        return GetBucketAccelerateConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketRequestPaymentResponse getBucketRequestPayment(GetBucketRequestPaymentRequest r) {
        bucket(r);
        return GetBucketRequestPaymentResponse.builder()
                .payer(Payer.BUCKET_OWNER)
                .build();
    }

    @Override
    public GetBucketWebsiteResponse getBucketWebsite(GetBucketWebsiteRequest r) {
        bucket(r);
        throw S3Errors.error(
                404, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration");
    }

    @Override
    public GetBucketReplicationResponse getBucketReplication(GetBucketReplicationRequest r) {
        bucket(r);
        throw S3Errors.error(
                404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found");
    }

    @Override
    public GetObjectLockConfigurationResponse getObjectLockConfiguration(GetObjectLockConfigurationRequest r) {
        bucket(r);
        throw S3Errors.error(
                404,
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket");
    }
}
