package dev.holdfast.kinds.ec2;

import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/**
 * What holds a thing of a network that cannot be deleted. A network interface is let go by whoever made it, a load balancer or
 * a task for instance, often minutes after that is gone; what AWS manages is never detached by force.
 */
final class Holders {
    /** As many as are worth reading; five are the least that AWS lets one ask for. */
    private static final int MOST = 20;

    private Holders() {}

    /** @param filter of DescribeNetworkInterfaces */
    static List<String> interfaces(Ec2Client ec2, String filter, String id) {
        return ec2
                .describeNetworkInterfaces(
                        r -> r.filters(f -> f.name(filter).values(id)).maxResults(MOST))
                .networkInterfaces()
                .stream()
                .map(Holders::words)
                .toList();
    }

    private static String words(NetworkInterface held) {
        String whose =
                held.description() == null || held.description().isEmpty() ? "" : " (" + held.description() + ")";
        return held.networkInterfaceId() + whose;
    }

    /** The security groups that let another one in. */
    static List<String> groups(Ec2Client ec2, String id) {
        return ec2
                .describeSecurityGroups(
                        r -> r.filters(f -> f.name("ip-permission.group-id").values(id))
                                .maxResults(MOST))
                .securityGroups()
                .stream()
                .filter(g -> !g.groupId().equals(id))
                .map(g -> g.groupId() + " (its rules name it)")
                .toList();
    }
}
