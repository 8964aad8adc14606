package dev.holdfast.engine;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;

/** The drift of many tests: a principal opens a port of a security group by hand. */
public final class OpenedPort {
    private OpenedPort() {}

    /** Opens a TCP port to the whole internet. */
    public static AuthorizeSecurityGroupIngressResponse toInternet(Ec2Client ec2, String group, int port) {
        return ec2.authorizeSecurityGroupIngress(r -> r.groupId(group)
                .ipPermissions(
                        p -> p.ipProtocol("tcp").fromPort(port).toPort(port).ipRanges(i -> i.cidrIp("0.0.0.0/0"))));
    }
}
