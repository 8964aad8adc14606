package dev.holdfast.kinds.ec2;

import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.ec2.SecurityGroupKind.GroupRule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** The normal form of a security group's rule, and its conversion to and from EC2's permissions. */
final class SecurityGroupRules {
    private SecurityGroupRules() {}

    /** The form that EC2 returns: four protocols by name, all others by number. */
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

    /** @param protocol in canonical form; only four protocols have ports, so that others drop a given port */
    static @Nullable Integer port(@Nullable String protocol, @Nullable Integer given) {
        return switch (protocol) {
            case "tcp", "udp" -> given;
            case "icmp", "icmpv6" -> given == null ? Integer.valueOf(-1) : given;
            case null, default -> null;
        };
    }

    /** The mistake in the first rule that EC2 would reject. */
    static Optional<String> check(@Nullable Set<GroupRule> rules) {
        return Objects.requireNonNullElse(rules, Set.<GroupRule>of()).stream()
                .map(SecurityGroupRules::wrong)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static @Nullable String wrong(GroupRule rule) {
        boolean ports = "tcp".equals(rule.protocol()) || "udp".equals(rule.protocol());
        Integer from = rule.fromPort();
        Integer to = rule.toPort();
        if (ports && (from == null || to == null)) {
            return rule.protocol() + " needs fromPort and toPort";
        }
        if (ports && from != null && to != null && (from < 0 || to > 65_535 || from > to)) {
            return "expected ports from 0 to 65535, the lower one first, found " + from + " and " + to;
        }
        if (rule.cidrIpv4() != null
                && !Unresolved.is(rule.cidrIpv4())
                && !rule.cidrIpv4().matches("[0-9.]+/[0-9]+")) {
            return "expected an IPv4 range as cidrIpv4, found " + rule.cidrIpv4();
        }
        if (rule.cidrIpv6() != null
                && !Unresolved.is(rule.cidrIpv6())
                && !rule.cidrIpv6().matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[0-9]+")) {
            return "expected an IPv6 range as cidrIpv6, found " + rule.cidrIpv6();
        }
        return null;
    }

    static String key(GroupRule r) {
        return r.protocol() + ":" + ports(r) + ":" + peer(r);
    }

    private static String peer(GroupRule r) {
        return Stream.of(r.cidrIpv4(), r.cidrIpv6(), r.prefixListId(), r.securityGroup())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** @param direction from or to */
    static String words(GroupRule r, String direction) {
        String traffic = Objects.equals(r.protocol(), "-1") ? "all traffic" : r.protocol() + " " + ports(r);
        return traffic + " " + direction + " " + peer(r);
    }

    private static String ports(GroupRule r) {
        if (r.fromPort() == null || (r.fromPort() == -1 && Objects.equals(r.toPort(), -1))) {
            return "all";
        }
        if (Objects.equals(r.protocol(), "icmp") || Objects.equals(r.protocol(), "icmpv6")) {
            return r.fromPort() + "." + r.toPort();
        }
        return r.fromPort().equals(r.toPort()) ? r.fromPort().toString() : r.fromPort() + "-" + r.toPort();
    }

    /** A permission with one source, so that each rule is granted and revoked separately. */
    static IpPermission permission(GroupRule rule) {
        IpPermission.Builder permission = Wire.fill(IpPermission.builder(), rule);
        if (rule.cidrIpv4() != null) {
            permission.ipRanges(Wire.fill(IpRange.builder(), rule).build());
        }
        if (rule.cidrIpv6() != null) {
            permission.ipv6Ranges(Wire.fill(Ipv6Range.builder(), rule).build());
        }
        if (rule.prefixListId() != null) {
            permission.prefixListIds(Wire.fill(PrefixListId.builder(), rule).build());
        }
        if (rule.securityGroup() != null) {
            permission.userIdGroupPairs(
                    Wire.fill(UserIdGroupPair.builder(), rule).build());
        }
        return permission.build();
    }

    static Set<GroupRule> rules(List<IpPermission> permissions) {
        return permissions.stream()
                .flatMap(p -> Stream.<List<? extends SdkPojo>>of(
                                p.ipRanges(), p.ipv6Ranges(), p.prefixListIds(), p.userIdGroupPairs())
                        .flatMap(List::stream)
                        .map(source -> Wire.read(GroupRule.class, Map.of(), List.of(source, p))))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
