package dev.holdfast.moto;

import static java.util.Map.entry;

import java.util.Map;

/**
 * Where moto 5 is no evidence: what it takes and does not give back, or does not take, by kind and field, and why. Whole kinds
 * that it cannot carry: ECS (deployments never end), Alarm, CompositeAlarm and Dashboard (since SDK 2.57 CloudWatch's client
 * speaks Smithy RPC v2, to which moto answers 404), VpcEndpoint (its filter vpc-endpoint-id answers HTTP 500),
 * ScalableTarget and ScalingPolicy (stand on a service of ECS), MetricFilter (a put adds a second one of the same name),
 * DbInstance and DbCluster (it does not know until when AWS supports a version), DbSubnetGroup, DbParameterGroup and
 * DbClusterParameterGroup (the tagging API does not list them), SamplingRule and TraceGroup (it has no operation of theirs), Function
 * and FunctionPermission (moto runs functions in containers), SecretRotation (stands on a function), KeyAlias (stands on a key
 * whose id a case does not know), Key (asks the tagging API for what is to be restored).
 */
final class MotoLosses {
    private static final String NOT_HERE = "needs something that only AWS hands out";
    private static final String DEFAULTS = "moto fills in no default, so that only the creating call shows it";
    private static final String SAME_CALL = "travels in the same call as fields that are asked for";
    private static final String ATTRIBUTE = "travels by SetTopicAttributes, as displayName does";
    private static final Map<String, String> LOST = Map.ofEntries(
            entry("Vpc.instanceTenancy", DEFAULTS),
            entry(
                    "Vpc.restrictDefaultSecurityGroup",
                    "changes the group that AWS makes with the VPC, whose rules the case does not read"),
            entry("Subnet.privateDnsHostnameTypeOnLaunch", "not modelled"),
            entry("Subnet.enableResourceNameDnsARecordOnLaunch", "not modelled"),
            entry("ElasticIp.publicIpv4Pool", NOT_HERE),
            entry("ElasticIp.networkBorderGroup", NOT_HERE),
            entry("NatGateway.connectivityType", DEFAULTS),
            entry("RouteTable.exclusiveRoutes", "ours alone: AWS never sees it"),
            entry("LoadBalancer.ipAddressType", "SetIpAddressType takes dualstack for subnets without IPv6"),
            entry("LoadBalancer.webAclArn", "wants a web ACL beside it"),
            entry("TargetGroup.protocolVersion", DEFAULTS),
            entry("TargetGroup.ipAddressType", DEFAULTS),
            entry("Listener.sslPolicy", NOT_HERE),
            entry("Listener.certificates", NOT_HERE),
            entry("Listener.listenerCertificates", NOT_HERE),
            entry("Listener.listenerAttributes", "DescribeListenerAttributes knows none but those of the creation"),
            entry("Listener.alpnPolicy", "of network load balancers with TLS, which want a certificate"),
            entry("Listener.mutualAuthentication", "of listeners with TLS, which want a certificate"),
            entry("ListenerRule.transforms", "not modelled"),
            entry("Role.path", "immutable"),
            entry("Bucket.bucketEncryption", "GetBucketEncryption answers 404 where AWS always has a default"),
            entry("Bucket.notificationConfiguration", "wants a function, a queue or a topic beside it"),
            entry("Bucket.logging", "wants a target bucket with ACLs that AWS no longer needs"),
            entry("Secret.kmsKeyId", NOT_HERE),
            entry("Secret.secretString", "write-only: never read back"),
            entry("Secret.recoveryWindowInDays", "sent with the deletion, never read back"),
            entry("Topic.fifoTopic", "immutable"),
            entry("Topic.contentBasedDeduplication", "of FIFO topics"),
            entry("Topic.fifoThroughputScope", "of FIFO topics"),
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

    /** @param field {@code Vpc.cidrBlock} */
    static boolean lost(String field) {
        return LOST.containsKey(field);
    }
}
