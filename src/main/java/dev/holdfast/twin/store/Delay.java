package dev.holdfast.twin.store;

import java.time.Duration;

/** The delays of AWS, with approximate durations. A test sets each of them alone, or all of them through a speed. */
public enum Delay {
    /** From a create to the first read that returns the resource. */
    VISIBLE(Duration.ZERO),
    /** From a write to IAM to its effect in other services. */
    IAM_PROPAGATION(Duration.ofSeconds(10)),
    /** From a change to the answer of the tagging API that contains the change. */
    TAGGING_INDEX(Duration.ofSeconds(30)),
    /** From a change of a secret to the answer of ListSecrets that contains it. DescribeSecret returns it at once. */
    SECRET_LIST(Duration.ofMinutes(5)),
    /** The run time of a rotation function. */
    ROTATION(Duration.ofSeconds(20)),
    /** From a call to the delivery of CloudTrail's record through EventBridge; events of services take as long. */
    EVENT(Duration.ofSeconds(5)),
    LOAD_BALANCER(Duration.ofSeconds(120)),
    NAT_GATEWAY(Duration.ofSeconds(90)),
    NAT_GATEWAY_DELETE(Duration.ofSeconds(60)),
    /** The time for which reads still return a deleted or failed NAT gateway. */
    NAT_GATEWAY_LINGERS(Duration.ofHours(1)),
    VPC_ENDPOINT(Duration.ofSeconds(60)),
    NETWORK_INTERFACE_DELETE(Duration.ofSeconds(30)),
    /** The time for which a new function is Pending, and for which an update of a function is in progress. */
    FUNCTION(Duration.ofSeconds(15)),
    /** The time for which the network interfaces of a deleted function remain. */
    FUNCTION_INTERFACE(Duration.ofMinutes(20)),
    TASK_START(Duration.ofSeconds(30)),
    TARGET_HEALTHY(Duration.ofSeconds(30)),
    TASK_DRAIN(Duration.ofSeconds(30)),
    /** The time for which reads still return a deleted ECS service as INACTIVE. */
    INACTIVE_SERVICE(Duration.ofHours(1)),
    DATABASE(Duration.ofMinutes(6)),
    CACHE(Duration.ofMinutes(6)),
    /** The duration of a change to a cache's user or user group. */
    CACHE_USER(Duration.ofSeconds(40)),
    DISTRIBUTION(Duration.ofMinutes(4)),
    /** The time for which a VPC origin is Deploying after each change. */
    VPC_ORIGIN(Duration.ofMinutes(6)),
    /** From a change of a record until all name servers answer with it. */
    DNS_CHANGE(Duration.ofSeconds(60)),
    /** From the request for a certificate until ACM returns the DNS records that prove control of the domains. */
    CERTIFICATE_RECORDS(Duration.ofSeconds(10)),
    /** From the creation of these records in DNS until ACM issues the certificate. */
    CERTIFICATE(Duration.ofMinutes(2));

    final Duration atSpeedOne;

    Delay(Duration atSpeedOne) {
        this.atSpeedOne = atSpeedOne;
    }
}
