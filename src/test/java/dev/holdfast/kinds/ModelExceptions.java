package dev.holdfast.kinds;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The differences between kinds and AWS's models, with the reasons why the kinds are right. */
final class ModelExceptions {
    private ModelExceptions() {}

    private static final String VPC_ORIGIN =
            "AWS changes it only while no distribution uses it: https://github.com/hashicorp/terraform-provider-aws/issues/40905";

    /** Members that no spec offers, because they describe the request and not the resource. */
    static final Set<String> OF_REQUESTS = Set.of("dryrun", "tagspecifications", "tags", "forceoverwrite");

    /** Members that a component of another name or shape offers. */
    static final Map<String, Set<String>> RENAMED = Map.of(
            // The bucket's location is the resource's region; the create call derives objectOwnership.
            "Bucket", Set.of("bucket", "createbucketconfiguration", "objectownership"),
            "Certificate", Set.of("options", "idempotencytoken"),
            "EcsService", Set.of("clienttoken"),
            "Topic", Set.of("name", "attributes"),
            "VpcEndpoint", Set.of("clienttoken"));

    /** Members that kinds leave out of requests other than the create request. */
    static final Map<String, Set<String>> OF_OTHER_REQUESTS = Map.of(
            "Bucket", Set.of("accelerateconfiguration", "websiteconfiguration"),
            "Secret", Set.of("forcedeletewithoutrecovery", "rotationrules"),
            "ScalableTarget", Set.of("tags"),
            "Topic", Set.of("archivepolicy"));

    /** Components that are no members of the create request, with the call that accepts them. */
    static final Map<String, Map<String, String>> OTHER_CALLS = Map.ofEntries(
            Map.entry(
                    "Bucket",
                    Map.of(
                            "bucketName", "the member Bucket",
                            "publicAccessBlock", "PutPublicAccessBlock",
                            "ownershipControls", "PutBucketOwnershipControls",
                            "bucketEncryption", "PutBucketEncryption",
                            "versioning", "PutBucketVersioning",
                            "lifecycleConfiguration", "PutBucketLifecycleConfiguration",
                            "corsConfiguration", "PutBucketCors",
                            "logging", "PutBucketLogging",
                            "notificationConfiguration", "PutBucketNotificationConfiguration",
                            "policy", "PutBucketPolicy")),
            Map.entry(
                    "DbCluster",
                    Map.of(
                            "applyImmediately", "ModifyDBCluster",
                            "dbInstanceParameterGroupName", "ModifyDBCluster",
                            "snapshotIdentifier", "RestoreDBClusterFromSnapshot",
                            "rebootOnPending", "ours: whether RebootDBInstance of members becomes a step of the plan",
                            "finalSnapshot", "DeleteDBCluster")),
            Map.entry("DbClusterParameterGroup", Map.of("parameters", "ModifyDBClusterParameterGroup")),
            Map.entry(
                    "DbInstance",
                    Map.of(
                            "applyImmediately", "ModifyDBInstance",
                            "dbSnapshotIdentifier", "RestoreDBInstanceFromDBSnapshot",
                            "rebootOnPending", "ours: whether RebootDBInstance becomes a step of the plan",
                            "finalSnapshot", "DeleteDBInstance")),
            Map.entry("CacheParameterGroup", Map.of("parameters", "ModifyCacheParameterGroup")),
            Map.entry("ServerlessCache", Map.of("finalSnapshot", "DeleteServerlessCache")),
            Map.entry(
                    "ReplicationGroup",
                    Map.of(
                            "applyImmediately", "ModifyReplicationGroup",
                            "authTokenUpdateStrategy", "ModifyReplicationGroup",
                            "finalSnapshot", "DeleteReplicationGroup")),
            Map.entry(
                    "Certificate",
                    Map.of(
                            "certificateTransparencyLoggingPreference", "in the member Options",
                            "certificateExport", "in the member Options")),
            Map.entry("CacheSubnetGroup", Map.of("vpcId", "the VPC of the subnets, which ElastiCache only returns")),
            Map.entry("DbParameterGroup", Map.of("parameters", "ModifyDBParameterGroup")),
            Map.entry("DbSubnetGroup", Map.of("vpcId", "the VPC of the subnets, which RDS only returns")),
            Map.entry("Function", Map.of("reservedConcurrentExecutions", "PutFunctionConcurrency")),
            Map.entry(
                    "Key",
                    Map.of(
                            "enabled", "DisableKey",
                            "enableKeyRotation", "EnableKeyRotation",
                            "rotationPeriodInDays", "EnableKeyRotation",
                            "pendingWindowInDays", "ScheduleKeyDeletion")),
            Map.entry("HostedZone", Map.of("vpcs", "AssociateVPCWithHostedZone, except for the first VPC")),
            Map.entry("InternetGateway", Map.of("vpcId", "AttachInternetGateway")),
            Map.entry(
                    "Listener",
                    Map.of(
                            "listenerCertificates", "AddListenerCertificates",
                            "listenerAttributes", "ModifyListenerAttributes")),
            Map.entry(
                    "LoadBalancer",
                    Map.of(
                            "vpcId", "the VPC of the subnets, checked against them",
                            "loadBalancerAttributes", "ModifyLoadBalancerAttributes",
                            "webAclArn", "AssociateWebACL of WAF")),
            Map.entry("LogGroup", Map.of("retentionInDays", "PutRetentionPolicy")),
            Map.entry("RecordSet", Map.of("hostedZoneId", "a member of ChangeResourceRecordSets")),
            Map.entry(
                    "Repository",
                    Map.of("lifecyclePolicy", "PutLifecyclePolicy", "repositoryPolicy", "SetRepositoryPolicy")),
            Map.entry("Role", Map.of("managedPolicyArns", "AttachRolePolicy", "policies", "PutRolePolicy")),
            Map.entry(
                    "RouteTable",
                    Map.of(
                            "routes", "CreateRoute",
                            "exclusiveRoutes", "ours: whether undeclared routes are deleted",
                            "associations", "AssociateRouteTable")),
            Map.entry(
                    "Secret",
                    Map.of(
                            "generateSecretString", "ours: how the value is generated",
                            "resourcePolicy", "PutResourcePolicy",
                            "recoveryWindowInDays", "DeleteSecret")),
            Map.entry(
                    "SecurityGroup",
                    Map.of("ingress", "AuthorizeSecurityGroupIngress", "egress", "AuthorizeSecurityGroupEgress")),
            Map.entry(
                    "Subnet",
                    Map.of(
                            "mapPublicIpOnLaunch", "ModifySubnetAttribute",
                            "privateDnsHostnameTypeOnLaunch", "ModifySubnetAttribute",
                            "enableResourceNameDnsARecordOnLaunch", "ModifySubnetAttribute")),
            Map.entry("TargetGroup", Map.of("targetGroupAttributes", "ModifyTargetGroupAttributes")),
            Map.entry(
                    "Topic",
                    Stream.of(
                                    "topicName",
                                    "displayName",
                                    "fifoTopic",
                                    "contentBasedDeduplication",
                                    "fifoThroughputScope",
                                    "kmsMasterKeyId",
                                    "policy",
                                    "deliveryPolicy",
                                    "tracingConfig",
                                    "signatureVersion",
                                    "deliveryStatusLogging",
                                    "subscriptions")
                            .collect(Collectors.toMap(c -> c, c -> "an attribute of the topic, or Subscribe"))),
            Map.entry(
                    "Vpc",
                    Map.of(
                            "enableDnsHostnames", "ModifyVpcAttribute",
                            "enableDnsSupport", "ModifyVpcAttribute",
                            "restrictDefaultSecurityGroup", "RevokeSecurityGroupIngress, RevokeSecurityGroupEgress")));

    /**
     * Differences between {@code @Immutable} and CloudFormation's schema, with the reason why the annotation is right.
     */
    static final Map<String, String> JUDGED = Map.ofEntries(
            Map.entry("CacheParameterGroup/cacheParameterGroupName", "no call changes the name, read-only there"),
            Map.entry("CacheParameterGroup/description", "no call changes it; CloudFormation creates the group again"),
            Map.entry(
                    "Certificate/certificateExport",
                    "it cannot be updated: https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateOptions.html"),
            Map.entry("DbCluster/snapshotIdentifier", "the source of the first data: set once, and not compared"),
            Map.entry(
                    "DbInstance/engine",
                    "only editions of Oracle and SQL Server can be changed, which are not offered here"),
            Map.entry("DbClusterParameterGroup/dbParameterGroupFamily", "the property is Family there"),
            Map.entry("DbParameterGroup/dbParameterGroupFamily", "the property is Family there"),
            Map.entry(
                    "DbSubnetGroup/vpcId",
                    "no property there; RDS takes subnets of the same VPC only:"
                            + " https://github.com/hashicorp/terraform-provider-aws/issues/27459"),
            Map.entry("CacheSubnetGroup/vpcId", "no property there; ElastiCache takes subnets of the same VPC only"),
            Map.entry("ElasticIp/publicIpv4Pool", "no call moves an allocated address to another pool"),
            Map.entry("FunctionPermission/statementId", "no property there: CloudFormation generates it"),
            Map.entry(
                    "InternetGateway/vpcId",
                    "no property there; EC2 refuses to detach while public addresses are mapped"),
            Map.entry("Key/keySpec", "CloudFormation rejects the update when it runs; no call changes it"),
            Map.entry("Key/keyUsage", "CloudFormation rejects the update when it runs; no call changes it"),
            Map.entry("Key/multiRegion", "CloudFormation rejects the update when it runs; no call changes it"),
            Map.entry("LoadBalancer/vpcId", "no property there; SetSubnets takes subnets of the same VPC only"),
            Map.entry(
                    "LogGroup/logGroupClass",
                    "a class cannot be changed: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html"),
            Map.entry(
                    "RecordSet/setIdentifier",
                    "Route 53 identifies a record set by it; CloudFormation replaces the record set too"),
            Map.entry("RecordSet/type", "Route 53 identifies a record set by its type; CloudFormation replaces it too"),
            Map.entry(
                    "ReplicationGroup/preferredCacheClusterAZs",
                    "the zones of the first nodes: set once, and not compared"),
            Map.entry(
                    "ReplicationGroup/replicasPerNodeGroup", "IncreaseReplicaCount and DecreaseReplicaCount change it"),
            Map.entry("ReplicationGroup/snapshotArns", "the source of the first data: set once, and not compared"),
            Map.entry("ReplicationGroup/snapshotName", "the source of the first data: set once, and not compared"),
            Map.entry(
                    "ServerlessCache/snapshotArnsToRestore",
                    "the source of the first data: set once, and not compared"),
            Map.entry("ScalingPolicy/policyType", "the fields of one type do not fit another type"),
            Map.entry("SecurityGroup/description", "the property is GroupDescription there"),
            Map.entry("VpcOrigin/arn", VPC_ORIGIN),
            Map.entry("VpcOrigin/httpPort", VPC_ORIGIN),
            Map.entry("VpcOrigin/httpsPort", VPC_ORIGIN),
            Map.entry("VpcOrigin/ipAddressType", VPC_ORIGIN),
            Map.entry("VpcOrigin/name", VPC_ORIGIN),
            Map.entry("VpcOrigin/originProtocolPolicy", VPC_ORIGIN),
            Map.entry("VpcOrigin/originSslProtocols", VPC_ORIGIN));
}
