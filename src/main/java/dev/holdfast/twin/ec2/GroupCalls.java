package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** Security groups; their rules are in {@link RuleCalls}. */
interface GroupCalls extends Ec2Client {
    /** The name of the group that a VPC is born with. */
    String DEFAULT = "default";

    Pattern TEXT = Pattern.compile("[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}");

    Filters<SecurityGroup> FILTERS = Filters.of(SecurityGroup::tags)
            .one("group-id", SecurityGroup::groupId)
            .one("group-name", SecurityGroup::groupName)
            .one("vpc-id", SecurityGroup::vpcId)
            .one("description", SecurityGroup::description)
            .one("owner-id", SecurityGroup::ownerId)
            .many("ip-permission.cidr", g -> cidrs(g.ipPermissions()))
            .many("ip-permission.group-id", g -> peers(g.ipPermissions()))
            .many("ip-permission.from-port", g -> ports(g.ipPermissions(), true))
            .many("ip-permission.to-port", g -> ports(g.ipPermissions(), false))
            .many("egress.ip-permission.cidr", g -> cidrs(g.ipPermissionsEgress()))
            .many("egress.ip-permission.group-id", g -> peers(g.ipPermissionsEgress()));

    private static List<String> cidrs(List<IpPermission> permissions) {
        return permissions.stream()
                .flatMap(p -> p.ipRanges().stream())
                .map(IpRange::cidrIp)
                .toList();
    }

    private static List<String> peers(List<IpPermission> permissions) {
        return permissions.stream()
                .flatMap(p -> p.userIdGroupPairs().stream())
                .map(UserIdGroupPair::groupId)
                .toList();
    }

    private static List<String> ports(List<IpPermission> permissions, boolean from) {
        return permissions.stream()
                .map(p -> from ? p.fromPort() : p.toPort())
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
    }

    Ec2State state();

    @Override
    default CreateSecurityGroupResponse createSecurityGroup(CreateSecurityGroupRequest r) {
        Ec2State s = state();
        s.check(ResourceType.SECURITY_GROUP, r.tagSpecifications());
        if (r.vpcId() == null) {
            throw error("VPCIdNotSpecified", "No default VPC for this user");
        }
        s.need(s.vpcs, r.vpcId(), Ec2Errors::noVpc);
        text("GroupDescription", r.description());
        String name = text("GroupName", r.groupName());
        if (name.startsWith("sg-")) {
            throw invalid("Value (" + name
                    + ") for parameter GroupName is invalid. Group names may not be in the format sg-*.");
        }
        if (name.equals(DEFAULT)) {
            throw error("InvalidParameterValue", "Cannot use reserved security group name: " + name);
        }
        if (s.groups.all().stream()
                .anyMatch(g -> g.head().vpcId().equals(r.vpcId())
                        && g.head().groupName().equals(name))) {
            throw error(
                    "InvalidGroup.Duplicate",
                    "The security group '" + name + "' already exists for VPC '" + r.vpcId() + "'");
        }
        SecurityGroupState made = make(
                s,
                SecurityGroup.builder()
                        .groupName(name)
                        .description(r.description())
                        .vpcId(r.vpcId()));
        s.tag(made.id(), r.tagSpecifications());
        return CreateSecurityGroupResponse.builder()
                .groupId(made.id())
                .securityGroupArn(made.head().securityGroupArn())
                .tags(s.tagList(made.id()))
                .build();
    }

    private static String text(String parameter, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw missing(parameter);
        }
        if (!TEXT.matcher(value).matches()) {
            throw invalid("Value (" + value + ") for parameter " + parameter
                    + " is invalid. Character sets beyond ASCII are not supported.");
        }
        return value;
    }

    /** Makes a group as all are born: anything may go out over IPv4. */
    static SecurityGroupState make(Ec2State s, SecurityGroup.Builder head) {
        String id = s.id("sg");
        SecurityGroupState empty = new SecurityGroupState(
                head.groupId(id)
                        .ownerId(s.context.account())
                        .securityGroupArn(s.context.arn("ec2", "security-group/" + id))
                        .build(),
                List.of());
        s.groups.put(id, empty);
        RuleCalls.add(
                s,
                empty,
                true,
                List.of(IpPermission.builder()
                        .ipProtocol("-1")
                        .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
                        .build()));
        return s.need(s.groups, id, Ec2Errors::noGroup);
    }

    /** What a VPC's default group has besides: whatever comes from its own members. */
    static void allowMembers(Ec2State s, SecurityGroupState group) {
        RuleCalls.add(
                s,
                group,
                false,
                List.of(IpPermission.builder()
                        .ipProtocol("-1")
                        .userIdGroupPairs(
                                UserIdGroupPair.builder().groupId(group.id()).build())
                        .build()));
    }

    @Override
    default DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest r) {
        Ec2State s = state();
        if (!r.groupNames().isEmpty()) {
            // By name only those of the default VPC are found, and this account has none.
            throw Ec2Errors.noGroup(r.groupNames().getFirst());
        }
        var page = s.describe(
                s.groups.visible().stream().map(g -> shown(s, g)).toList(),
                SecurityGroup::groupId,
                Ec2Errors::noGroup,
                FILTERS,
                new Ec2State.Asked(r.groupIds(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeSecurityGroupsResponse.builder()
                .securityGroups(page.items())
                .nextToken(page.next())
                .build();
    }

    static SecurityGroup shown(Ec2State s, SecurityGroupState group) {
        return group.head().toBuilder()
                .ipPermissions(GroupRules.grouped(group.rules(), false))
                .ipPermissionsEgress(GroupRules.grouped(group.rules(), true))
                .tags(s.tagList(group.id()))
                .build();
    }

    @Override
    default DeleteSecurityGroupResponse deleteSecurityGroup(DeleteSecurityGroupRequest r) {
        Ec2State s = state();
        if (r.groupId() == null) {
            throw missing("GroupId");
        }
        SecurityGroupState group = s.need(s.groups, r.groupId(), Ec2Errors::noGroup);
        if (group.head().groupName().equals(DEFAULT)) {
            throw error(
                    "CannotDelete",
                    "the specified group: \"" + group.id() + "\" name: \"default\" cannot be deleted by a user");
        }
        boolean held = s.interfaces.all().stream()
                        .flatMap(n -> n.groups().stream())
                        .anyMatch(g -> g.groupId().equals(group.id()))
                || s.groups.all().stream().anyMatch(g -> !g.id().equals(group.id()) && g.refersTo(group.id()));
        if (held) {
            throw error("DependencyViolation", "resource " + group.id() + " has a dependent object");
        }
        group.rules().stream().map(SecurityGroupRule::securityGroupRuleId).forEach(s::forgetTags);
        s.drop(s.groups, group.id());
        return DeleteSecurityGroupResponse.builder()
                .groupId(group.id())
                .returnValue(true)
                .build();
    }

    static void keep(Ec2State s, SecurityGroupState group, List<SecurityGroupRule> rules) {
        s.groups.put(group.id(), new SecurityGroupState(group.head(), new ArrayList<>(rules)));
    }
}
