package dev.holdfast.moto;

import static java.util.Map.entry;

import java.util.Map;

/**
 * The gaps of moto 5, by kind and field, with the reason: fields that it accepts and does not return, or does not
 * accept.
 *
 * <p>moto cannot serve these kinds at all: ECS (deployments never end); Alarm, CompositeAlarm and Dashboard (since SDK
 * 2.57 CloudWatch's client uses Smithy RPC v2, to which moto answers 404); VpcEndpoint (the filter vpc-endpoint-id
 * returns HTTP 500); ScalableTarget and ScalingPolicy (they need an ECS service); MetricFilter (a put adds a second
 * filter with the same name); DbInstance and DbCluster (moto does not return the end of AWS's support for a version);
 * DbSubnetGroup, DbParameterGroup and DbClusterParameterGroup (the tagging API does not list them); SamplingRule and
 * TraceGroup (moto lacks their operations); Function and FunctionPermission (moto runs functions in containers);
 * SecretRotation (it needs a function); KeyAlias (it needs a key whose id a case cannot know); Key (it asks the tagging
 * API for keys to restore).
 */
final class MotoLosses {
    private static final String NOT_HERE = "needs a resource that only AWS provides";
    private static final String DEFAULTS = "moto sets no default, so that only the create call shows the field";
    private static final String SAME_CALL = "is sent in the same call as fields that the case tests";
    private static final String ATTRIBUTE = "is sent by SetTopicAttributes, like displayName";
    private static final Map<String, String> LOST = Map.ofEntries(
            entry("Vpc.instanceTenancy", DEFAULTS),
            entry(
                    "Vpc.restrictDefaultSecurityGroup",
                    "changes the default group of the VPC, whose rules the case does not read"),
            entry("Subnet.privateDnsHostnameTypeOnLaunch", "not modelled"),
            entry("Subnet.enableResourceNameDnsARecordOnLaunch", "not modelled"),
            entry("ElasticIp.publicIpv4Pool", NOT_HERE),
            entry("ElasticIp.networkBorderGroup", NOT_HERE),
            entry("NatGateway.connectivityType", DEFAULTS),
            entry("RouteTable.exclusiveRoutes", "is a setting of Holdfast, which is never sent to AWS"),
            entry("LoadBalancer.ipAddressType", "SetIpAddressType accepts dualstack for subnets without IPv6"),
            entry("LoadBalancer.webAclArn", "needs a web ACL"),
            entry("TargetGroup.protocolVersion", DEFAULTS),
            entry("TargetGroup.ipAddressType", DEFAULTS),
            entry("Listener.sslPolicy", NOT_HERE),
            entry("Listener.certificates", NOT_HERE),
            entry("Listener.listenerCertificates", NOT_HERE),
            entry("Listener.listenerAttributes", "DescribeListenerAttributes returns only the initial attributes"),
            entry("Listener.alpnPolicy", "belongs to network load balancers with TLS, which need a certificate"),
            entry("Listener.mutualAuthentication", "belongs to listeners with TLS, which need a certificate"),
            entry("ListenerRule.transforms", "not modelled"),
            entry("Role.path", "immutable"),
            entry("Bucket.bucketEncryption", "GetBucketEncryption answers 404 where AWS always has a default"),
            entry("Bucket.notificationConfiguration", "needs a function, a queue or a topic"),
            entry("Bucket.logging", "needs a target bucket with ACLs, which AWS no longer requires"),
            entry("Secret.kmsKeyId", NOT_HERE),
            entry("Secret.secretString", "is write-only, so that no read returns it"),
            entry("Secret.recoveryWindowInDays", "is sent with the deletion, and no read returns it"),
            entry("Topic.fifoTopic", "immutable"),
            entry("Topic.contentBasedDeduplication", "belongs to FIFO topics"),
            entry("Topic.fifoThroughputScope", "belongs to FIFO topics"),
            entry("Topic.kmsMasterKeyId", NOT_HERE),
            entry("Topic.policy", ATTRIBUTE),
            entry("Topic.deliveryPolicy", ATTRIBUTE),
            entry("Topic.tracingConfig", ATTRIBUTE),
            entry("Topic.signatureVersion", ATTRIBUTE),
            entry("Topic.deliveryStatusLogging", ATTRIBUTE),
            entry("Repository.imageTagMutabilityExclusionFilters", SAME_CALL),
            entry("Repository.encryptionConfiguration", "immutable"),
            entry("LogGroup.kmsKeyId", NOT_HERE),
            entry("LogGroup.logGroupClass", DEFAULTS),
            entry("LogGroup.deletionProtectionEnabled", "PutLogGroupDeletionProtection is missing"));

    private MotoLosses() {}

    /** @param field such as {@code Vpc.cidrBlock} */
    static boolean lost(String field) {
        return LOST.containsKey(field);
    }
}
