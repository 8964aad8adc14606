package dev.holdfast.twin.store;

import java.time.Duration;

/** The delays of AWS, and about how long they are; each can be set, or all together by a speed. */
public enum Delay {
    /** Between a create and the first read that shows it. */
    VISIBLE(Duration.ZERO),
    /** Between a write to IAM and its effect elsewhere. */
    IAM_PROPAGATION(Duration.ofSeconds(10)),
    /** Between a change and the tagging API that shows it. */
    TAGGING_INDEX(Duration.ofSeconds(30)),
    /** Between a change of a secret and ListSecrets that shows it; DescribeSecret shows it at once. */
    SECRET_LIST(Duration.ofMinutes(5)),
    /** How long a rotation function works. */
    ROTATION(Duration.ofSeconds(20)),
    /** Between a call and the queue that EventBridge brings CloudTrail's record of it to; service events take as long. */
    EVENT(Duration.ofSeconds(5)),
    LOAD_BALANCER(Duration.ofSeconds(120)),
    NAT_GATEWAY(Duration.ofSeconds(90)),
    NAT_GATEWAY_DELETE(Duration.ofSeconds(60)),
    /** How long a deleted or failed NAT gateway still answers. */
    NAT_GATEWAY_LINGERS(Duration.ofHours(1)),
    VPC_ENDPOINT(Duration.ofSeconds(60)),
    NETWORK_INTERFACE_DELETE(Duration.ofSeconds(30)),
    /** How long a new function is Pending, and how long an update of a function is in progress. */
    FUNCTION(Duration.ofSeconds(15)),
    /** How long the network interfaces of a function outlive it. */
    FUNCTION_INTERFACE(Duration.ofMinutes(20)),
    TASK_START(Duration.ofSeconds(30)),
    TARGET_HEALTHY(Duration.ofSeconds(30)),
    TASK_DRAIN(Duration.ofSeconds(30)),
    /** How long a deleted ECS service still answers as INACTIVE. */
    INACTIVE_SERVICE(Duration.ofHours(1)),
    DATABASE(Duration.ofMinutes(6)),
    CACHE(Duration.ofMinutes(6)),
    /** How long a change of a cache's user, or of a group of them, takes. */
    CACHE_USER(Duration.ofSeconds(40)),
    DISTRIBUTION(Duration.ofMinutes(4)),
    /** How long a VPC origin is Deploying after each change. */
    VPC_ORIGIN(Duration.ofMinutes(6)),
    /** Between a change of a record and the answer of every name server. */
    DNS_CHANGE(Duration.ofSeconds(60)),
    /** Between the request for a certificate and the records that are to prove the control of its domains. */
    CERTIFICATE_RECORDS(Duration.ofSeconds(10)),
    /** Between those records in DNS and the certificate. */
    CERTIFICATE(Duration.ofMinutes(2));

    final Duration atSpeedOne;

    Delay(Duration atSpeedOne) {
        this.atSpeedOne = atSpeedOne;
    }
}
