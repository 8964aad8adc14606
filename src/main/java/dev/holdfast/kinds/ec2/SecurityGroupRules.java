package dev.holdfast.kinds.ec2;

import dev.holdfast.kinds.ec2.SecurityGroupKind.Rule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** The one form of a security group's rule, and its ways to and from EC2's permissions. */
final class SecurityGroupRules {
    private SecurityGroupRules() {}

    /** As EC2 answers: four protocols by name, the others by number. */
    static @Nullable String protocol(@Nullable String given) {
        return given == null
                ? null
                : switch (given.toLowerCase(Locale.ROOT)) {
                    case "tcp", "6" -> "tcp";
                    case "udp", "17" -> "udp";
                    case "icmp", "1" -> "icmp";
                    case "icmpv6", "58" -> "icmpv6";
                    case "-1", "all" -> "-1";
                    default -> given;
                };
    }

    /** @param protocol canonical; all but four have no ports, whatever was given */
    static @Nullable Integer port(@Nullable String protocol, @Nullable Integer given) {
        return switch (protocol) {
            case "tcp", "udp" -> given;
            case "icmp", "icmpv6" -> given == null ? Integer.valueOf(-1) : given;
            case null, default -> null;
        };
    }

    static String key(Rule r) {
        String peer = Stream.of(r.cidrIpv4(), r.cidrIpv6(), r.prefixListId(), r.securityGroup())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        return r.protocol() + ":" + ports(r) + ":" + peer;
    }

    private static String ports(Rule r) {
        if (r.fromPort() == null || (r.fromPort() == -1 && Objects.equals(r.toPort(), -1))) {
            return "all";
        }
        if (Objects.equals(r.protocol(), "icmp") || Objects.equals(r.protocol(), "icmpv6")) {
            return r.fromPort() + "." + r.toPort();
        }
        return r.fromPort().equals(r.toPort()) ? r.fromPort().toString() : r.fromPort() + "-" + r.toPort();
    }

    /** One source to a permission, so that a rule stands and falls by itself. */
    static IpPermission permission(Rule rule) {
        IpPermission.Builder permission = IpPermission.builder()
                .ipProtocol(rule.protocol())
                .fromPort(rule.fromPort())
                .toPort(rule.toPort());
        String why = rule.description();
        if (rule.cidrIpv4() != null) {
            permission.ipRanges(
                    IpRange.builder().cidrIp(rule.cidrIpv4()).description(why).build());
        }
        if (rule.cidrIpv6() != null) {
            permission.ipv6Ranges(Ipv6Range.builder()
                    .cidrIpv6(rule.cidrIpv6())
                    .description(why)
                    .build());
        }
        if (rule.prefixListId() != null) {
            permission.prefixListIds(PrefixListId.builder()
                    .prefixListId(rule.prefixListId())
                    .description(why)
                    .build());
        }
        if (rule.securityGroup() != null) {
            permission.userIdGroupPairs(UserIdGroupPair.builder()
                    .groupId(rule.securityGroup())
                    .description(why)
                    .build());
        }
        return permission.build();
    }

    static Set<Rule> rules(List<IpPermission> permissions) {
        Set<Rule> rules = new LinkedHashSet<>();
        for (IpPermission p : permissions) {
            p.ipRanges().forEach(x -> rules.add(rule(p, x.cidrIp(), null, null, null, x.description())));
            p.ipv6Ranges().forEach(x -> rules.add(rule(p, null, x.cidrIpv6(), null, null, x.description())));
            p.prefixListIds().forEach(x -> rules.add(rule(p, null, null, x.prefixListId(), null, x.description())));
            p.userIdGroupPairs().forEach(x -> rules.add(rule(p, null, null, null, x.groupId(), x.description())));
        }
        return rules;
    }

    private static Rule rule(
            IpPermission p,
            @Nullable String cidrIpv4,
            @Nullable String cidrIpv6,
            @Nullable String prefixListId,
            @Nullable String securityGroup,
            @Nullable String description) {
        return new Rule(
                p.ipProtocol(), p.fromPort(), p.toPort(), cidrIpv4, cidrIpv6, prefixListId, securityGroup, description);
    }
}
