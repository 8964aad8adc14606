package dev.holdfast.twin;

import dev.holdfast.aws.ActionNames;
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
import software.amazon.awssdk.services.cloudfront.model.CreateVpcOriginRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.DeleteReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ModifyReplicationGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.route53.model.AssociateVpcWithHostedZoneRequest;
import software.amazon.awssdk.services.route53.model.CreateHostedZoneRequest;
import software.amazon.awssdk.services.route53.model.DisassociateVpcFromHostedZoneRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.wafv2.model.AssociateWebAclRequest;
import software.amazon.awssdk.services.wafv2.model.DisassociateWebAclRequest;
import software.amazon.awssdk.services.wafv2.model.GetWebAclForResourceRequest;

/** The permissions that a request needs. */
public final class IamActions {
    private IamActions() {}

    /**
     * The permission for tags in a call that creates a resource, for services that do not check {@code …:TagResource}.
     */
    private static final Map<String, String> TAGGING = Map.of(
            "acm", "acm:AddTagsToCertificate",
            "ec2", "ec2:CreateTags",
            "elasticache", "elasticache:AddTagsToResource",
            "elasticloadbalancing", "elasticloadbalancing:AddTags",
            "iam", "iam:TagRole",
            "rds", "rds:AddTagsToResource",
            "sqs", "sqs:TagQueue");

    /** RDS creates the secret of a master password with the caller's permissions. */
    private static final List<String> MASTER_SECRET =
            List.of("kms:DescribeKey", "secretsmanager:CreateSecret", "secretsmanager:TagResource");

    /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
    private static final List<String> VPC_OF_FUNCTIONS =
            List.of("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs");

    /** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Logging-destinations.html */
    private static final List<String> LOGS_OF_CACHES = List.of(
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups");

    /** @return the actions, all of which the caller needs */
    public static List<String> of(String operation) {
        return ActionNames.of(operation);
    }

    /**
     * The additional permissions that the content of the request needs. A service-linked role is created by the first
     * call that needs it. The twin never creates one, so that each such call needs the permission to create the role.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">CreateBucket</a>
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html">the
     *     checks of Elastic Load Balancing</a>
     * @see <a
     *     href="https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html">the
     *     checks of Application Auto Scaling</a>
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html">the checks of RDS
     *     for a password that it manages</a>
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
            // https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
            case AssociateWebAclRequest acl -> more.add("elasticloadbalancing:CreateWebACLAssociation");
            case DisassociateWebAclRequest acl -> more.add("elasticloadbalancing:DeleteWebACLAssociation");
            case GetWebAclForResourceRequest acl ->
                more.addAll(List.of("wafv2:GetWebACL", "elasticloadbalancing:GetLoadBalancerWebACL"));
            case SetSubnetsRequest subnets -> more.add("ec2:DescribeSubnets");
            case RegisterScalableTargetRequest target ->
                more.addAll(List.of("iam:CreateServiceLinkedRole", "ecs:DescribeServices", "ecs:UpdateService"));
            case PutScalingPolicyRequest policy
            when policy.policyType() == PolicyType.TARGET_TRACKING_SCALING ->
                more.addAll(List.of("cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"));
            case CreateDbInstanceRequest instance -> {
                more.add("iam:CreateServiceLinkedRole");
                if (Boolean.TRUE.equals(instance.manageMasterUserPassword())) {
                    more.addAll(MASTER_SECRET);
                }
                if (instance.monitoringRoleArn() != null) {
                    more.add("iam:PassRole");
                }
            }
            case RestoreDbInstanceFromDbSnapshotRequest instance
            when Boolean.TRUE.equals(instance.manageMasterUserPassword()) -> more.addAll(MASTER_SECRET);
            case CreateDbClusterRequest cluster -> {
                more.add("iam:CreateServiceLinkedRole");
                if (Boolean.TRUE.equals(cluster.manageMasterUserPassword())) {
                    more.addAll(MASTER_SECRET);
                }
            }
            case ModifyDbClusterRequest cluster
            when Boolean.TRUE.equals(cluster.manageMasterUserPassword()) -> more.addAll(MASTER_SECRET);
            case CreateFunctionRequest function -> {
                more.add("iam:PassRole");
                if (function.vpcConfig() != null) {
                    more.addAll(VPC_OF_FUNCTIONS);
                }
            }
            case UpdateFunctionConfigurationRequest function -> {
                if (function.role() != null) {
                    more.add("iam:PassRole");
                }
                if (function.vpcConfig() != null) {
                    more.addAll(VPC_OF_FUNCTIONS);
                }
            }
            case RotateSecretRequest rotation
            when rotation.rotationLambdaARN() != null -> more.add("lambda:InvokeFunction");
            case CreateReplicationGroupRequest cache -> {
                more.add("iam:CreateServiceLinkedRole");
                if (!cache.logDeliveryConfigurations().isEmpty()) {
                    more.addAll(LOGS_OF_CACHES);
                }
            }
            case ModifyReplicationGroupRequest cache
            when !cache.logDeliveryConfigurations().isEmpty() -> more.addAll(LOGS_OF_CACHES);
            case CreateVpcOriginRequest origin -> more.add("iam:CreateServiceLinkedRole");
            case DeleteReplicationGroupRequest cache
            when cache.finalSnapshotIdentifier() != null -> more.add("elasticache:CreateSnapshot");
            case CreateHostedZoneRequest zone when zone.vpc() != null -> more.add("ec2:DescribeVpcs");
            case AssociateVpcWithHostedZoneRequest vpc -> more.add("ec2:DescribeVpcs");
            case DisassociateVpcFromHostedZoneRequest vpc -> more.add("ec2:DescribeVpcs");
            case DeleteScalingPolicyRequest policy -> more.add("cloudwatch:DeleteAlarms");
            default -> {}
        }
        return more;
    }

    /** Whether a call that creates a resource also sets tags. */
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
