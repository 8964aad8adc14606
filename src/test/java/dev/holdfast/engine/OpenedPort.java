package dev.holdfast.engine;

import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;

/** The drift of many tests: a principal opens a port of a security group by hand. */
public final class OpenedPort {
    private OpenedPort() {}

    /** Opens a TCP port to the whole internet. */
    public static AuthorizeSecurityGroupIngressResponse toInternet(Ec2Client ec2, String group, int port) {
        return ec2.authorizeSecurityGroupIngress(r -> r.groupId(group)
                .ipPermissions(
                        p -> p.ipProtocol("tcp").fromPort(port).toPort(port).ipRanges(i -> i.cidrIp("0.0.0.0/0"))));
    }

    /** The rules of a security group for traffic to it. */
    static List<IpPermission> rules(Ec2Client ec2, String group) {
        return ec2.describeSecurityGroups(r -> r.groupIds(group))
                .securityGroups()
                .getFirst()
                .ipPermissions();
    }
}
