package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** The rules of security groups. A call takes effect whole or not at all. */
interface RuleCalls extends Ec2Client {
    /** The quota of rules in one direction. */
    int MOST = 60;

    Filters FILTERS = Filters.of("group-id", "security-group-rule-id");

    Ec2State state();

    private static SecurityGroup group(Ec2State s, @org.jspecify.annotations.Nullable String id) {
        if (id == null) {
            throw missing("groupName or groupId");
        }
        return s.groups.need(id);
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
        List<SecurityGroupRule> added = add(
                s,
                group(s, groupId),
                egress,
                asked,
                TwinTags.in(AuthorizeSecurityGroupIngressRequest.builder()
                        .tagSpecifications(tags)
                        .build()));
        return added;
    }

    static List<SecurityGroupRule> add(
            Ec2State s, SecurityGroup group, boolean egress, List<IpPermission> asked, Map<String, String> tags) {
        Map<GroupRules.RuleKey, SecurityGroupRule> there = byKey(s, group, egress);
        List<SecurityGroupRule> added = new ArrayList<>();
        for (SecurityGroupRule rule : GroupRules.single(s, group, egress, asked)) {
            if (there.containsKey(GroupRules.RuleKey.of(rule))) {
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
        added.forEach(rule -> s.rules.add(rule, tags));
        return added;
    }

    private static Map<GroupRules.RuleKey, SecurityGroupRule> byKey(Ec2State s, SecurityGroup group, boolean egress) {
        return s.rulesOf(group.groupId()).stream()
                .filter(r -> r.isEgress() == egress)
                .collect(Collectors.toMap(GroupRules.RuleKey::of, r -> r, (a, b) -> a, HashMap::new));
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
        SecurityGroup group = group(s, groupId);
        Set<String> ids = new HashSet<>(ruleIds);
        for (String id : ruleIds) {
            if (s.rulesOf(groupId).stream()
                    .noneMatch(x -> x.securityGroupRuleId().equals(id) && x.isEgress() == egress)) {
                throw error(
                        "InvalidSecurityGroupRuleId.NotFound",
                        "The security group rule ID '" + id + "' does not exist");
            }
        }
        if (ruleIds.isEmpty() || !asked.isEmpty()) {
            find(s, group, egress, asked).forEach(x -> ids.add(x.securityGroupRuleId()));
        }
        ids.forEach(s.rules::remove);
    }

    private static List<SecurityGroupRule> find(
            Ec2State s, SecurityGroup group, boolean egress, List<IpPermission> asked) {
        Map<GroupRules.RuleKey, SecurityGroupRule> there = byKey(s, group, egress);
        List<SecurityGroupRule> found = new ArrayList<>();
        for (SecurityGroupRule rule : GroupRules.single(s, group, egress, asked)) {
            SecurityGroupRule one = there.get(GroupRules.RuleKey.of(rule));
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
        SecurityGroup group = group(s, groupId);
        find(s, group, egress, asked).forEach(s.rules::put);
    }

    @Override
    default DescribeSecurityGroupRulesResponse describeSecurityGroupRules(DescribeSecurityGroupRulesRequest r) {
        Ec2State s = state();
        return s.describe(s.rules, FILTERS, r, DescribeSecurityGroupRulesResponse.builder(), r.securityGroupRuleIds());
    }
}
