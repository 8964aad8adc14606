package dev.holdfast.twin;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.PolicyType;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.RegisterScalableTargetRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;

/**
 * Which permission an operation needs. Most are named alike; S3 and the tagging API have names of their own.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">S3's actions</a>
 */
public final class IamActions {
    private static final Map<String, List<String>> OTHERS = Map.ofEntries(
            entry("tagging:GetResources", List.of("tag:GetResources")),
            entry("tagging:GetTagKeys", List.of("tag:GetTagKeys")),
            entry("tagging:GetTagValues", List.of("tag:GetTagValues")),
            entry("tagging:TagResources", List.of("tag:TagResources")),
            entry("tagging:UntagResources", List.of("tag:UntagResources")),
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

    private IamActions() {}

    /** The additional permission for tags in a creating call, where it is not {@code …:TagResource}. */
    private static final Map<String, String> TAGGING = Map.of(
            "ec2", "ec2:CreateTags", "elasticloadbalancing", "elasticloadbalancing:AddTags", "iam", "iam:TagRole");

    /** All of them are needed. */
    public static List<String> of(String operation) {
        return OTHERS.getOrDefault(operation, List.of(operation));
    }

    /**
     * The additional permissions for the content of the request. A service's own role is made by the first call that needs it; a twin's
     * account never has one, so that each such call wants the permission to make it.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">CreateBucket</a>
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html">what Elastic
     *     Load Balancing checks</a>
     * @see <a href="https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html">what
     *     Application Auto Scaling checks</a>
     */
    static List<String> besides(String operation, SdkPojo input) {
        List<String> more = new ArrayList<>();
        if (tagged(input)) {
            String service = operation.substring(0, operation.indexOf(':'));
            more.add(TAGGING.getOrDefault(service, service + ":TagResource"));
        }
        switch (input) {
            case CreateBucketRequest bucket
            when bucket.objectOwnership() != null -> more.add("s3:PutBucketOwnershipControls");
            case RegisterTaskDefinitionRequest task
            when task.executionRoleArn() != null || task.taskRoleArn() != null -> more.add("iam:PassRole");
            case CreateClusterRequest cluster -> more.add("iam:CreateServiceLinkedRole");
            case CreateLoadBalancerRequest balancer ->
                more.addAll(List.of(
                        "iam:CreateServiceLinkedRole",
                        "ec2:DescribeAccountAttributes",
                        "ec2:DescribeAddresses",
                        "ec2:DescribeInternetGateways",
                        "ec2:DescribeSecurityGroups",
                        "ec2:DescribeSubnets",
                        "ec2:DescribeVpcs"));
            case CreateTargetGroupRequest group ->
                more.addAll(List.of("ec2:DescribeInternetGateways", "ec2:DescribeVpcs"));
            case SetSubnetsRequest subnets -> more.add("ec2:DescribeSubnets");
            case RegisterScalableTargetRequest target ->
                more.addAll(List.of("iam:CreateServiceLinkedRole", "ecs:DescribeServices", "ecs:UpdateService"));
            case PutScalingPolicyRequest policy
            when policy.policyType() == PolicyType.TARGET_TRACKING_SCALING ->
                more.addAll(List.of("cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"));
            case DeleteScalingPolicyRequest policy -> more.add("cloudwatch:DeleteAlarms");
            default -> {}
        }
        return more;
    }

    /** Whether a call that makes something tags it too. */
    private static boolean tagged(SdkPojo input) {
        return switch (input) {
            case CreateBucketRequest bucket ->
                bucket.createBucketConfiguration() != null
                        && !bucket.createBucketConfiguration().tags().isEmpty();
            case CreateTagsRequest tags -> false;
            case DeleteTagsRequest tags -> false;
            case PutBucketTaggingRequest tags -> false;
            default ->
                !input.getClass().getSimpleName().matches("(Tag|Untag|AddTags|RemoveTags).*")
                        && input.sdkFields().stream()
                                .filter(f -> f.memberName().equalsIgnoreCase("tags")
                                        || f.memberName().equalsIgnoreCase("tagSpecifications"))
                                .map(f -> f.getValueOrDefault(input))
                                .anyMatch(IamActions::something);
        };
    }

    private static boolean something(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Collection<?> all -> !all.isEmpty();
            case Map<?, ?> all -> !all.isEmpty();
            default -> true;
        };
    }
}
