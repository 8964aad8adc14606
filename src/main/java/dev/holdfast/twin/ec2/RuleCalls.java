package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupEgressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupEgressResponse;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupEgressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupEgressResponse;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsEgressRequest;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsEgressResponse;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsIngressRequest;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsIngressResponse;

/** The rules of security groups. A call takes effect whole or not at all. */
interface RuleCalls extends Ec2Client {
    /** The quota of rules in one direction. */
    int MOST = 60;

    Filters<SecurityGroupRule> FILTERS = Filters.of(SecurityGroupRule::tags)
            .one("group-id", SecurityGroupRule::groupId)
            .one("security-group-rule-id", SecurityGroupRule::securityGroupRuleId);

    Ec2State state();

    private static SecurityGroupState group(Ec2State s, @org.jspecify.annotations.Nullable String id) {
        if (id == null) {
            throw missing("groupName or groupId");
        }
        return s.need(s.groups, id, Ec2Errors::noGroup);
    }

    @Override
    default AuthorizeSecurityGroupIngressResponse authorizeSecurityGroupIngress(
            AuthorizeSecurityGroupIngressRequest r) {
        return AuthorizeSecurityGroupIngressResponse.builder()
                .returnValue(true)
                .securityGroupRules(authorize(r.groupId(), false, r.ipPermissions(), r.tagSpecifications()))
                .build();
    }

    @Override
    default AuthorizeSecurityGroupEgressResponse authorizeSecurityGroupEgress(AuthorizeSecurityGroupEgressRequest r) {
        return AuthorizeSecurityGroupEgressResponse.builder()
                .returnValue(true)
                .securityGroupRules(authorize(r.groupId(), true, r.ipPermissions(), r.tagSpecifications()))
                .build();
    }

    private List<SecurityGroupRule> authorize(
            String groupId, boolean egress, List<IpPermission> asked, List<TagSpecification> tags) {
        Ec2State s = state();
        s.check(ResourceType.SECURITY_GROUP_RULE, tags);
        List<SecurityGroupRule> added = add(s, group(s, groupId), egress, asked);
        added.forEach(x -> s.tag(x.securityGroupRuleId(), tags));
        return added;
    }

    static List<SecurityGroupRule> add(Ec2State s, SecurityGroupState group, boolean egress, List<IpPermission> asked) {
        Map<GroupRules.Key, SecurityGroupRule> there = byKey(group, egress);
        List<SecurityGroupRule> added = new ArrayList<>();
        for (SecurityGroupRule rule : GroupRules.single(s, group, egress, asked)) {
            if (there.containsKey(GroupRules.Key.of(rule))) {
                throw error(
                        "InvalidPermission.Duplicate",
                        "the specified rule \"" + GroupRules.words(rule) + "\" already exists");
            }
            added.add(rule.toBuilder().securityGroupRuleId(s.id("sgr")).build());
        }
        if (there.size() + added.size() > MOST) {
            throw error(
                    "RulesPerSecurityGroupLimitExceeded",
                    "The maximum number of rules per security group has been reached.");
        }
        List<SecurityGroupRule> all = new ArrayList<>(group.rules());
        all.addAll(added);
        GroupCalls.keep(s, group, all);
        return added;
    }

    private static Map<GroupRules.Key, SecurityGroupRule> byKey(SecurityGroupState group, boolean egress) {
        return group.rules().stream()
                .filter(r -> r.isEgress() == egress)
                .collect(Collectors.toMap(GroupRules.Key::of, r -> r, (a, b) -> a, HashMap::new));
    }

    @Override
    default RevokeSecurityGroupIngressResponse revokeSecurityGroupIngress(RevokeSecurityGroupIngressRequest r) {
        revoke(r.groupId(), false, r.ipPermissions(), r.securityGroupRuleIds());
        return RevokeSecurityGroupIngressResponse.builder()
                .returnValue(true)
                .unknownIpPermissions(List.of())
                .build();
    }

    @Override
    default RevokeSecurityGroupEgressResponse revokeSecurityGroupEgress(RevokeSecurityGroupEgressRequest r) {
        revoke(r.groupId(), true, r.ipPermissions(), r.securityGroupRuleIds());
        return RevokeSecurityGroupEgressResponse.builder()
                .returnValue(true)
                .unknownIpPermissions(List.of())
                .build();
    }

    private void revoke(String groupId, boolean egress, List<IpPermission> asked, List<String> ruleIds) {
        Ec2State s = state();
        SecurityGroupState group = group(s, groupId);
        Set<String> ids = new HashSet<>(ruleIds);
        for (String id : ruleIds) {
            if (group.rules().stream().noneMatch(x -> x.securityGroupRuleId().equals(id) && x.isEgress() == egress)) {
                throw error(
                        "InvalidSecurityGroupRuleId.NotFound",
                        "The security group rule ID '" + id + "' does not exist");
            }
        }
        if (ruleIds.isEmpty() || !asked.isEmpty()) {
            find(s, group, egress, asked).forEach(x -> ids.add(x.securityGroupRuleId()));
        }
        ids.forEach(s::forgetTags);
        GroupCalls.keep(
                s,
                group,
                group.rules().stream()
                        .filter(x -> !ids.contains(x.securityGroupRuleId()))
                        .toList());
    }

    private static List<SecurityGroupRule> find(
            Ec2State s, SecurityGroupState group, boolean egress, List<IpPermission> asked) {
        Map<GroupRules.Key, SecurityGroupRule> there = byKey(group, egress);
        List<SecurityGroupRule> found = new ArrayList<>();
        for (SecurityGroupRule rule : GroupRules.single(s, group, egress, asked)) {
            SecurityGroupRule one = there.get(GroupRules.Key.of(rule));
            if (one == null) {
                throw error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
            }
            found.add(one.toBuilder().description(rule.description()).build());
        }
        return found;
    }

    @Override
    default UpdateSecurityGroupRuleDescriptionsIngressResponse updateSecurityGroupRuleDescriptionsIngress(
            UpdateSecurityGroupRuleDescriptionsIngressRequest r) {
        describe(r.groupId(), false, r.ipPermissions());
        return UpdateSecurityGroupRuleDescriptionsIngressResponse.builder()
                .returnValue(true)
                .build();
    }

    @Override
    default UpdateSecurityGroupRuleDescriptionsEgressResponse updateSecurityGroupRuleDescriptionsEgress(
            UpdateSecurityGroupRuleDescriptionsEgressRequest r) {
        describe(r.groupId(), true, r.ipPermissions());
        return UpdateSecurityGroupRuleDescriptionsEgressResponse.builder()
                .returnValue(true)
                .build();
    }

    private void describe(String groupId, boolean egress, List<IpPermission> asked) {
        Ec2State s = state();
        SecurityGroupState group = group(s, groupId);
        Map<String, SecurityGroupRule> now = find(s, group, egress, asked).stream()
                .collect(Collectors.toMap(SecurityGroupRule::securityGroupRuleId, x -> x));
        GroupCalls.keep(
                s,
                group,
                group.rules().stream()
                        .map(x -> now.getOrDefault(x.securityGroupRuleId(), x))
                        .toList());
    }

    @Override
    default DescribeSecurityGroupRulesResponse describeSecurityGroupRules(DescribeSecurityGroupRulesRequest r) {
        Ec2State s = state();
        List<SecurityGroupRule> all = s.groups.visible().stream()
                .flatMap(g -> g.rules().stream())
                .map(x -> x.toBuilder()
                        .fromPort(x.fromPort() == null ? -1 : x.fromPort())
                        .toPort(x.toPort() == null ? -1 : x.toPort())
                        .tags(s.tagList(x.securityGroupRuleId()))
                        .build())
                .toList();
        var page = s.describe(
                all,
                SecurityGroupRule::securityGroupRuleId,
                i -> error(
                        "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '" + i + "' does not exist"),
                FILTERS,
                new Ec2State.Asked(r.securityGroupRuleIds(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeSecurityGroupRulesResponse.builder()
                .securityGroupRules(page.items())
                .nextToken(page.next())
                .build();
    }
}
