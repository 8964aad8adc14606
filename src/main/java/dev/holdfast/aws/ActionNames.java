package dev.holdfast.aws;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;

/**
 * The IAM actions that an operation needs. Most actions are named like the operation; those of S3, the tagging API and
 * batches of SQS are not.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">S3's actions</a>
 */
public final class ActionNames {
    private static final Map<String, List<String>> OTHERS = Map.ofEntries(
            entry(
                    "cloudfront:CreateDistributionWithTags",
                    List.of("cloudfront:CreateDistribution", "cloudfront:TagResource")),
            entry("tagging:GetResources", List.of("tag:GetResources")),
            entry("tagging:GetTagKeys", List.of("tag:GetTagKeys")),
            entry("tagging:GetTagValues", List.of("tag:GetTagValues")),
            entry("tagging:TagResources", List.of("tag:TagResources")),
            entry("tagging:UntagResources", List.of("tag:UntagResources")),
            entry("sqs:DeleteMessageBatch", List.of("sqs:DeleteMessage")),
            entry("sqs:SendMessageBatch", List.of("sqs:SendMessage")),
            entry("sqs:ChangeMessageVisibilityBatch", List.of("sqs:ChangeMessageVisibility")),
            entry("s3:ListBuckets", List.of("s3:ListAllMyBuckets")),
            entry("s3:HeadBucket", List.of("s3:ListBucket")),
            entry("s3:ListObjects", List.of("s3:ListBucket")),
            entry("s3:ListObjectsV2", List.of("s3:ListBucket")),
            entry("s3:ListObjectVersions", List.of("s3:ListBucketVersions")),
            entry("s3:HeadObject", List.of("s3:GetObject")),
            entry("s3:CopyObject", List.of("s3:PutObject", "s3:GetObject")),
            entry("s3:DeleteObjects", List.of("s3:DeleteObject")),
            entry("s3:CreateMultipartUpload", List.of("s3:PutObject")),
            entry("s3:UploadPart", List.of("s3:PutObject")),
            entry("s3:CompleteMultipartUpload", List.of("s3:PutObject")),
            entry("s3:GetBucketEncryption", List.of("s3:GetEncryptionConfiguration")),
            entry("s3:PutBucketEncryption", List.of("s3:PutEncryptionConfiguration")),
            entry("s3:DeleteBucketEncryption", List.of("s3:PutEncryptionConfiguration")),
            entry("s3:GetPublicAccessBlock", List.of("s3:GetBucketPublicAccessBlock")),
            entry("s3:PutPublicAccessBlock", List.of("s3:PutBucketPublicAccessBlock")),
            entry("s3:DeletePublicAccessBlock", List.of("s3:PutBucketPublicAccessBlock")),
            entry("s3:GetBucketLifecycleConfiguration", List.of("s3:GetLifecycleConfiguration")),
            entry("s3:PutBucketLifecycleConfiguration", List.of("s3:PutLifecycleConfiguration")),
            entry("s3:DeleteBucketLifecycle", List.of("s3:PutLifecycleConfiguration")),
            entry("s3:DeleteBucketTagging", List.of("s3:PutBucketTagging")),
            entry("s3:GetBucketCors", List.of("s3:GetBucketCORS")),
            entry("s3:PutBucketCors", List.of("s3:PutBucketCORS")),
            entry("s3:DeleteBucketCors", List.of("s3:PutBucketCORS")),
            entry("s3:DeleteBucketOwnershipControls", List.of("s3:PutBucketOwnershipControls")),
            entry("s3:GetBucketNotificationConfiguration", List.of("s3:GetBucketNotification")),
            entry("s3:PutBucketNotificationConfiguration", List.of("s3:PutBucketNotification")));

    private ActionNames() {}

    /** @param operation {@code s3:HeadBucket} */
    public static List<String> of(String operation) {
        return OTHERS.getOrDefault(operation, List.of(operation));
    }
}
