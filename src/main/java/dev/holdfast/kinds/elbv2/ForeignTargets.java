package dev.holdfast.kinds.elbv2;

import dev.holdfast.kind.Listings;
import dev.holdfast.kind.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupIpAddressTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/**
 * Finds IPv4 addresses that were registered in a target group by hand: addresses that belong to no ECS task. The
 * description of a network interface shows that ECS created it for a task. Targets that are instances or load balancers
 * are always registered by hand.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html">task networking</a>
 */
final class ForeignTargets {
    /** A filter of EC2 accepts this many values. */
    private static final int MOST_VALUES = 200;

    private static final int PAGE = 1000;

    /** The description of a task's interface is the ARN of its attachment: {@code arn:aws:ecs:…:attachment/…}. */
    private static final String ATTACHMENT = ":attachment/";

    private ForeignTargets() {}

    static Map<String, Set<String>> find(Scope<?> scope, ElasticLoadBalancingV2Client elb, List<TargetGroup> groups) {
        List<TargetGroup> byAddress = groups.stream()
                .filter(g ->
                        g.targetType() == TargetTypeEnum.IP && g.ipAddressType() != TargetGroupIpAddressTypeEnum.IPV6)
                .toList();
        Map<String, Set<String>> found = withoutTasks(scope, byAddress, registered(scope, elb, byAddress));
        List<TargetGroup> suspicious = byAddress.stream()
                .filter(g -> found.containsKey(g.targetGroupArn()))
                .toList();
        // A task may have ended between the two reads: ECS deregisters its target before it deletes its interface.
        Map<String, Set<String>> again = registered(scope, elb, suspicious);
        found.forEach((group, addresses) -> addresses.retainAll(again.getOrDefault(group, Set.of())));
        return found;
    }

    /** The addresses of each group, without those that are being deregistered. */
    private static Map<String, Set<String>> registered(
            Scope<?> scope, ElasticLoadBalancingV2Client elb, Collection<TargetGroup> groups) {
        return Listings.each(
                scope,
                groups,
                TargetGroup::targetGroupArn,
                arn -> elb.describeTargetHealth(r -> r.targetGroupArn(arn)).targetHealthDescriptions().stream()
                        .filter(t -> t.targetHealth().state() != TargetHealthStateEnum.DRAINING)
                        .map(ForeignTargets::address)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String address(TargetHealthDescription target) {
        return target.target().id();
    }

    private static Map<String, Set<String>> withoutTasks(
            Scope<?> scope, List<TargetGroup> groups, Map<String, Set<String>> registered) {
        Set<String> addresses = new TreeSet<>();
        registered.values().forEach(addresses::addAll);
        Ec2Client ec2 = scope.client(Ec2Client.class);
        List<NetworkInterface> interfaces = Listings.inBatches(
                scope,
                addresses,
                MOST_VALUES,
                some -> ec2.describeNetworkInterfacesPaginator(r -> r.maxResults(PAGE)
                                .filters(f -> f.name("private-ip-address").values(some)))
                        .networkInterfaces());
        Map<String, Set<String>> byVpc = new HashMap<>();
        for (NetworkInterface one : interfaces) {
            String description = String.valueOf(one.description());
            if (description.startsWith("arn:") && description.contains(ATTACHMENT)) {
                byVpc.computeIfAbsent(one.vpcId(), vpc -> new TreeSet<>()).add(one.privateIpAddress());
            }
        }
        Map<String, Set<String>> foreign = new HashMap<>();
        for (TargetGroup group : groups) {
            List<String> rest = new ArrayList<>(registered.getOrDefault(group.targetGroupArn(), Set.of()));
            rest.removeAll(byVpc.getOrDefault(group.vpcId(), Set.of()));
            if (!rest.isEmpty()) {
                foreign.put(group.targetGroupArn(), new TreeSet<>(rest));
            }
        }
        return foreign;
    }
}
