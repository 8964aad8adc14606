package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** Converts the permissions of callers, which combine many sources, into the single rules that EC2 stores, and back. */
final class GroupRules {
    private static final Pattern DESCRIPTION = Pattern.compile("[a-zA-Z0-9. _:/()#,@\\[\\]+=&;{}!$*-]{0,255}");

    private GroupRules() {}

    /** The members that identify a rule: all except the description. */
    record RuleKey(
            String protocol,
            @Nullable Integer from,
            @Nullable Integer to,
            @Nullable String cidr4,
            @Nullable String cidr6,
            @Nullable String prefixList,
            @Nullable String group) {
        static RuleKey of(SecurityGroupRule r) {
            return new RuleKey(
                    r.ipProtocol(),
                    r.fromPort(),
                    r.toPort(),
                    r.cidrIpv4(),
                    r.cidrIpv6(),
                    r.prefixListId(),
                    r.referencedGroupInfo() == null
                            ? null
                            : r.referencedGroupInfo().groupId());
        }
    }

    /** The single rules of a request, in normal form and without ids. Throws EC2's errors for invalid rules. */
    static List<SecurityGroupRule> single(Ec2State s, SecurityGroup group, boolean egress, List<IpPermission> asked) {
        if (asked.isEmpty()) {
            throw missing("ipPermissions");
        }
        List<SecurityGroupRule> rules = new ArrayList<>();
        for (IpPermission p : asked) {
            SecurityGroupRule base = ports(p).toBuilder()
                    .groupId(group.groupId())
                    .groupOwnerId(s.context.account())
                    .isEgress(egress)
                    .build();
            int before = rules.size();
            p.ipRanges()
                    .forEach(x -> rules.add(base.toBuilder()
                            .cidrIpv4(cidr(x.cidrIp(), true))
                            .description(description(x.description()))
                            .build()));
            p.ipv6Ranges()
                    .forEach(x -> rules.add(base.toBuilder()
                            .cidrIpv6(cidr(x.cidrIpv6(), false))
                            .description(description(x.description()))
                            .build()));
            p.prefixListIds()
                    .forEach(x -> rules.add(base.toBuilder()
                            .prefixListId(EndpointCalls.prefixList(s, x.prefixListId()))
                            .description(description(x.description()))
                            .build()));
            p.userIdGroupPairs()
                    .forEach(x -> rules.add(base.toBuilder()
                            .referencedGroupInfo(
                                    g -> g.groupId(peer(s, group, x)).userId(s.context.account()))
                            .description(description(x.description()))
                            .build()));
            if (rules.size() == before) {
                throw error(
                        "MissingParameter",
                        "Missing source specification: include source security group or CIDR information");
            }
        }
        if (rules.stream().map(RuleKey::of).distinct().count() < rules.size()) {
            throw invalid("The same permission must not appear multiple times");
        }
        return rules;
    }

    private static SecurityGroupRule ports(IpPermission p) {
        if (p.ipProtocol() == null || p.ipProtocol().isEmpty()) {
            throw missing("ipProtocol");
        }
        String protocol = protocol(p.ipProtocol());
        SecurityGroupRule.Builder rule = SecurityGroupRule.builder().ipProtocol(protocol);
        return switch (protocol) {
            case "tcp", "udp" -> {
                if (p.fromPort() == null || p.toPort() == null) {
                    throw invalid("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
                }
                if (p.fromPort() < 0 || p.toPort() > 65535 || p.fromPort() > p.toPort()) {
                    throw invalid("Invalid TCP/UDP port range (" + p.fromPort() + ":" + p.toPort() + ")");
                }
                yield rule.fromPort(p.fromPort()).toPort(p.toPort()).build();
            }
            case "icmp", "icmpv6" ->
                rule.fromPort(p.fromPort() == null ? -1 : p.fromPort())
                        .toPort(p.toPort() == null ? -1 : p.toPort())
                        .build();
            default -> rule.build();
        };
    }

    private static String protocol(String asked) {
        return switch (asked.toLowerCase(Locale.ROOT)) {
            case "6", "tcp" -> "tcp";
            case "17", "udp" -> "udp";
            case "1", "icmp" -> "icmp";
            case "58", "icmpv6" -> "icmpv6";
            case "-1", "all" -> "-1";
            default -> {
                if (!asked.matches("\\d{1,3}") || Integer.parseInt(asked) > 255) {
                    throw invalid("Invalid value '" + asked + "' for IP protocol. Unknown protocol.");
                }
                yield asked;
            }
        };
    }

    private static String cidr(String asked, boolean four) {
        IPAddress block = Blocks.parse(asked);
        if (block == null || block.isIPv4() != four) {
            throw invalid("CIDR block " + asked + " is malformed");
        }
        return Blocks.text(block);
    }

    private static @Nullable String description(@Nullable String asked) {
        if (asked != null && !DESCRIPTION.matcher(asked).matches()) {
            throw invalid("Invalid rule description. Valid descriptions are strings less than 256 characters from the"
                    + " following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*");
        }
        return asked == null || asked.isEmpty() ? null : asked;
    }

    private static String peer(Ec2State s, SecurityGroup group, UserIdGroupPair pair) {
        if (pair.groupId() == null) {
            throw missing("groupId");
        }
        SecurityGroup other = s.groups.need(pair.groupId());
        if (!other.vpcId().equals(group.vpcId())) {
            throw error("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
        }
        return pair.groupId();
    }

    /**
     * The rules as DescribeSecurityGroups returns them: one permission for all sources of a protocol and a port range.
     */
    static List<IpPermission> grouped(List<SecurityGroupRule> rules, boolean egress) {
        Map<List<@Nullable Object>, List<SecurityGroupRule>> byPorts = new LinkedHashMap<>();
        rules.stream()
                .filter(r -> r.isEgress() == egress)
                .forEach(r -> byPorts.computeIfAbsent(
                                Arrays.asList(r.ipProtocol(), r.fromPort(), r.toPort()), k -> new ArrayList<>())
                        .add(r));
        return byPorts.values().stream().map(GroupRules::permission).toList();
    }

    private static IpPermission permission(List<SecurityGroupRule> same) {
        SecurityGroupRule first = same.getFirst();
        var permission = IpPermission.builder()
                .ipProtocol(first.ipProtocol())
                .fromPort(first.fromPort())
                .toPort(first.toPort());
        var four = new ArrayList<IpRange>();
        var six = new ArrayList<Ipv6Range>();
        var lists = new ArrayList<PrefixListId>();
        var groups = new ArrayList<UserIdGroupPair>();
        for (SecurityGroupRule r : same) {
            if (r.cidrIpv4() != null) {
                four.add(IpRange.builder()
                        .cidrIp(r.cidrIpv4())
                        .description(r.description())
                        .build());
            } else if (r.cidrIpv6() != null) {
                six.add(Ipv6Range.builder()
                        .cidrIpv6(r.cidrIpv6())
                        .description(r.description())
                        .build());
            } else if (r.prefixListId() != null) {
                lists.add(PrefixListId.builder()
                        .prefixListId(r.prefixListId())
                        .description(r.description())
                        .build());
            } else {
                groups.add(UserIdGroupPair.builder()
                        .groupId(r.referencedGroupInfo().groupId())
                        .userId(r.referencedGroupInfo().userId())
                        .description(r.description())
                        .build());
            }
        }
        return permission
                .ipRanges(four)
                .ipv6Ranges(six)
                .prefixListIds(lists)
                .userIdGroupPairs(groups)
                .build();
    }

    /** The text by which EC2's errors name a rule. */
    static String words(SecurityGroupRule r) {
        RuleKey k = RuleKey.of(r);
        String peer = k.cidr4() != null
                ? k.cidr4()
                : k.cidr6() != null ? k.cidr6() : k.prefixList() != null ? k.prefixList() : k.group();
        if (k.protocol().equals("-1")) {
            return "peer: " + peer + ", ALL, ALLOW";
        }
        return "peer: " + peer + ", " + k.protocol().toUpperCase(Locale.ROOT) + ", from port: " + k.from()
                + ", to port: " + k.to() + ", ALLOW";
    }
}
