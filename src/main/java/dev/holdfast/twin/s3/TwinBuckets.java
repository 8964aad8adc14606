package dev.holdfast.twin.s3;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.*;

/** The subresources of a bucket. A read of a subresource that is not set returns 404 with an error code of its own. */
abstract class TwinBuckets extends FixedBucketSettings {
    /** Whether this account has a bucket with this name. */
    abstract boolean exists(@Nullable String name);

    abstract String newId();

    @Override
    public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest r) {
        String region = bucket(r).region;
        return GetBucketLocationResponse.builder()
                .locationConstraint(region.equals("us-east-1") ? null : region)
                .build();
    }

    @Override
    public GetPublicAccessBlockResponse getPublicAccessBlock(GetPublicAccessBlockRequest r) {
        PublicAccessBlockConfiguration found = bucket(r).publicAccessBlock;
        if (found == null) {
            throw S3Errors.error(
                    404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found");
        }
        return GetPublicAccessBlockResponse.builder()
                .publicAccessBlockConfiguration(found)
                .build();
    }

    @Override
    public PutPublicAccessBlockResponse putPublicAccessBlock(PutPublicAccessBlockRequest r) {
        PublicAccessBlockConfiguration asked = r.publicAccessBlockConfiguration();
        bucket(r).publicAccessBlock = PublicAccessBlockConfiguration.builder()
                .blockPublicAcls(Boolean.TRUE.equals(asked.blockPublicAcls()))
                .ignorePublicAcls(Boolean.TRUE.equals(asked.ignorePublicAcls()))
                .blockPublicPolicy(Boolean.TRUE.equals(asked.blockPublicPolicy()))
                .restrictPublicBuckets(Boolean.TRUE.equals(asked.restrictPublicBuckets()))
                .build();
        return PutPublicAccessBlockResponse.builder().build();
    }

    @Override
    public DeletePublicAccessBlockResponse deletePublicAccessBlock(DeletePublicAccessBlockRequest r) {
        bucket(r).publicAccessBlock = null;
        return DeletePublicAccessBlockResponse.builder().build();
    }

    @Override
    public GetBucketOwnershipControlsResponse getBucketOwnershipControls(GetBucketOwnershipControlsRequest r) {
        TwinBucket bucket = bucket(r);
        if (bucket.ownership == null) {
            throw S3Errors.error(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found");
        }
        return GetBucketOwnershipControlsResponse.builder()
                .ownershipControls(bucket.ownership)
                .build();
    }

    @Override
    public PutBucketOwnershipControlsResponse putBucketOwnershipControls(PutBucketOwnershipControlsRequest r) {
        TwinBucket bucket = bucket(r);
        if (r.ownershipControls().rules().size() != 1) {
            throw S3Errors.malformedXml();
        }
        bucket.ownership = r.ownershipControls();
        return PutBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public DeleteBucketOwnershipControlsResponse deleteBucketOwnershipControls(DeleteBucketOwnershipControlsRequest r) {
        bucket(r).ownership = null;
        return DeleteBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest r) {
        return GetBucketEncryptionResponse.builder()
                .serverSideEncryptionConfiguration(bucket(r).encryption)
                .build();
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest r) {
        TwinBucket bucket = bucket(r);
        List<ServerSideEncryptionRule> rules =
                r.serverSideEncryptionConfiguration().rules();
        if (rules.size() != 1) {
            throw S3Errors.malformedXml();
        }
        ServerSideEncryptionByDefault asked = rules.getFirst().applyServerSideEncryptionByDefault();
        ServerSideEncryptionByDefault byDefault = asked == null ? TwinBucket.sseS3() : asked;
        if (byDefault.sseAlgorithm() == ServerSideEncryption.AES256 && byDefault.kmsMasterKeyID() != null) {
            throw S3Errors.error(
                    400,
                    "InvalidArgument",
                    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
        }
        ServerSideEncryptionRule old = bucket.encryption.rules().getFirst();
        bucket.encryption = ServerSideEncryptionConfiguration.builder()
                .rules(rules.getFirst().toBuilder()
                        .applyServerSideEncryptionByDefault(byDefault)
                        .bucketKeyEnabled(Boolean.TRUE.equals(rules.getFirst().bucketKeyEnabled()))
                        .blockedEncryptionTypes(Objects.requireNonNullElse(
                                rules.getFirst().blockedEncryptionTypes(), old.blockedEncryptionTypes()))
                        .build())
                .build();
        return PutBucketEncryptionResponse.builder().build();
    }

    /** The bucket returns to SSE-S3, because every bucket is encrypted. */
    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(DeleteBucketEncryptionRequest r) {
        bucket(r).encryption = TwinBucket.defaultEncryption();
        return DeleteBucketEncryptionResponse.builder().build();
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest r) {
        return GetBucketVersioningResponse.builder()
                .status(bucket(r).versioning)
                .build();
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest r) {
        BucketVersioningStatus status = r.versioningConfiguration().status();
        if (status == null || status == BucketVersioningStatus.UNKNOWN_TO_SDK_VERSION) {
            throw S3Errors.error(
                    400, "IllegalVersioningConfigurationException", "The Versioning element must be specified");
        }
        bucket(r).versioning = status;
        return PutBucketVersioningResponse.builder().build();
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest r) {
        TwinBucket bucket = bucket(r);
        if (bucket.policy == null) {
            throw S3Errors.error(404, "NoSuchBucketPolicy", "The bucket policy does not exist");
        }
        return GetBucketPolicyResponse.builder().policy(bucket.policy).build();
    }

    @Override
    public PutBucketPolicyResponse putBucketPolicy(PutBucketPolicyRequest r) {
        TwinBucket bucket = bucket(r);
        BucketPolicies.require(bucket, r.policy());
        bucket.policy = r.policy();
        return PutBucketPolicyResponse.builder().build();
    }

    @Override
    public DeleteBucketPolicyResponse deleteBucketPolicy(DeleteBucketPolicyRequest r) {
        bucket(r).policy = null;
        return DeleteBucketPolicyResponse.builder().build();
    }

    @Override
    public GetBucketLifecycleConfigurationResponse getBucketLifecycleConfiguration(
            GetBucketLifecycleConfigurationRequest r) {
        TwinBucket bucket = bucket(r);
        if (bucket.lifecycle.isEmpty()) {
            throw S3Errors.error(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
        }
        return GetBucketLifecycleConfigurationResponse.builder()
                .rules(bucket.lifecycle)
                .transitionDefaultMinimumObjectSize(bucket.minimumTransitionSize)
                .build();
    }

    @Override
    public PutBucketLifecycleConfigurationResponse putBucketLifecycleConfiguration(
            PutBucketLifecycleConfigurationRequest r) {
        TwinBucket bucket = bucket(r);
        List<LifecycleRule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (LifecycleRule rule : r.lifecycleConfiguration().rules()) {
            LifecycleRule accepted = TwinLifecycle.accept(rule, newId());
            if (!ids.add(accepted.id())) {
                throw S3Errors.error(
                        400, "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
            }
            rules.add(accepted);
        }
        if (rules.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        bucket.lifecycle = List.copyOf(rules);
        bucket.minimumTransitionSize =
                Objects.requireNonNullElse(r.transitionDefaultMinimumObjectSizeAsString(), "all_storage_classes_128K");
        return PutBucketLifecycleConfigurationResponse.builder()
                .transitionDefaultMinimumObjectSize(bucket.minimumTransitionSize)
                .build();
    }

    @Override
    public DeleteBucketLifecycleResponse deleteBucketLifecycle(DeleteBucketLifecycleRequest r) {
        bucket(r).lifecycle = List.of();
        return DeleteBucketLifecycleResponse.builder().build();
    }

    @Override
    public GetBucketCorsResponse getBucketCors(GetBucketCorsRequest r) {
        TwinBucket bucket = bucket(r);
        if (bucket.cors.isEmpty()) {
            throw S3Errors.error(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist");
        }
        return GetBucketCorsResponse.builder().corsRules(bucket.cors).build();
    }

    @Override
    public PutBucketCorsResponse putBucketCors(PutBucketCorsRequest r) {
        TwinBucket bucket = bucket(r);
        Set<String> methods = Set.of("GET", "PUT", "HEAD", "POST", "DELETE");
        r.corsConfiguration()
                .corsRules()
                .forEach(rule -> rule.allowedMethods().forEach(method -> {
                    if (!methods.contains(method)) {
                        throw S3Errors.error(
                                400,
                                "InvalidRequest",
                                "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
                    }
                }));
        if (r.corsConfiguration().corsRules().isEmpty()) {
            throw S3Errors.malformedXml();
        }
        bucket.cors = r.corsConfiguration().corsRules();
        return PutBucketCorsResponse.builder().build();
    }

    @Override
    public DeleteBucketCorsResponse deleteBucketCors(DeleteBucketCorsRequest r) {
        bucket(r).cors = List.of();
        return DeleteBucketCorsResponse.builder().build();
    }

    @Override
    public GetBucketNotificationConfigurationResponse getBucketNotificationConfiguration(
            GetBucketNotificationConfigurationRequest r) {
        return SdkShapes.copy(bucket(r).notifications, GetBucketNotificationConfigurationResponse.builder())
                .build();
    }

    /** The call replaces the whole configuration. */
    @Override
    public PutBucketNotificationConfigurationResponse putBucketNotificationConfiguration(
            PutBucketNotificationConfigurationRequest r) {
        NotificationConfiguration asked = r.notificationConfiguration();
        bucket(r).notifications = NotificationConfiguration.builder()
                .topicConfigurations(asked.topicConfigurations())
                .queueConfigurations(asked.queueConfigurations())
                .lambdaFunctionConfigurations(asked.lambdaFunctionConfigurations())
                .eventBridgeConfiguration(asked.eventBridgeConfiguration())
                .build();
        return PutBucketNotificationConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketLoggingResponse getBucketLogging(GetBucketLoggingRequest r) {
        return GetBucketLoggingResponse.builder()
                .loggingEnabled(bucket(r).logging)
                .build();
    }

    @Override
    public PutBucketLoggingResponse putBucketLogging(PutBucketLoggingRequest r) {
        TwinBucket bucket = bucket(r);
        LoggingEnabled asked = r.bucketLoggingStatus().loggingEnabled();
        if (asked != null && !exists(asked.targetBucket())) {
            throw S3Errors.error(400, "InvalidTargetBucketForLogging", "The target bucket for logging does not exist");
        }
        bucket.logging = asked;
        return PutBucketLoggingResponse.builder().build();
    }

    @Override
    public GetBucketTaggingResponse getBucketTagging(GetBucketTaggingRequest r) {
        TwinBucket bucket = bucket(r);
        if (bucket.tags.isEmpty()) {
            throw S3Errors.error(404, "NoSuchTagSet", "The TagSet does not exist");
        }
        return TwinTags.show(bucket.tags, GetBucketTaggingResponse.builder()).build();
    }

    /** Replaces all tags. The request must contain the tags that AWS has set. */
    @Override
    public PutBucketTaggingResponse putBucketTagging(PutBucketTaggingRequest r) {
        TwinBucket bucket = bucket(r);
        Map<String, String> tags = TwinTags.in(r.tagging());
        bucket.tags.forEach((key, value) -> {
            if (key.startsWith("aws:") && !value.equals(tags.get(key))) {
                throw S3Errors.error(409, "OperationAborted", "System tags cannot be removed by requester");
            }
        });
        bucket.tags.clear();
        bucket.tags.putAll(tags);
        return PutBucketTaggingResponse.builder().build();
    }

    @Override
    public DeleteBucketTaggingResponse deleteBucketTagging(DeleteBucketTaggingRequest r) {
        bucket(r).tags.keySet().removeIf(k -> !k.startsWith("aws:"));
        return DeleteBucketTaggingResponse.builder().build();
    }
}
