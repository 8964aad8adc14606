package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;
import static dev.holdfast.twin.ec2.Ec2Errors.notFound;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** Security groups; their rules are in {@link RuleCalls}. */
interface GroupCalls extends Ec2Client {
    Pattern TEXT = Pattern.compile("[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}");

    Filters FILTERS = Filters.of(
            "group-id",
            "group-name",
            "vpc-id",
            "description",
            "owner-id",
            "ip-permission.cidr=ip-permissions.ip-ranges.cidr-ip",
            "ip-permission.group-id=ip-permissions.user-id-group-pairs.group-id",
            "ip-permission.from-port=ip-permissions.from-port",
            "ip-permission.to-port=ip-permissions.to-port",
            "egress.ip-permission.cidr=ip-permissions-egress.ip-ranges.cidr-ip",
            "egress.ip-permission.group-id=ip-permissions-egress.user-id-group-pairs.group-id");

    Ec2State state();

    @Override
    default CreateSecurityGroupResponse createSecurityGroup(CreateSecurityGroupRequest r) {
        Ec2State s = state();
        s.check(ResourceType.SECURITY_GROUP, r.tagSpecifications());
        if (r.vpcId() == null) {
            throw error("VPCIdNotSpecified", "No default VPC for this user");
        }
        s.vpcs.need(r.vpcId());
        text("GroupDescription", r.description());
        String name = text("GroupName", r.groupName());
        if (name.startsWith("sg-")) {
            throw invalid("Value (" + name
                    + ") for parameter GroupName is invalid. Group names may not be in the format sg-*.");
        }
        if (name.equals(Ec2State.DEFAULT)) {
            throw error("InvalidParameterValue", "Cannot use reserved security group name: " + name);
        }
        if (s.groups.stream()
                .anyMatch(g -> g.vpcId().equals(r.vpcId()) && g.groupName().equals(name))) {
            throw error(
                    "InvalidGroup.Duplicate",
                    "The security group '" + name + "' already exists for VPC '" + r.vpcId() + "'");
        }
        SecurityGroup made = make(s, SdkShapes.copy(r, SecurityGroup.builder()), TwinTags.in(r));
        return SdkShapes.copy(made, TwinTags.show(s.groups.tags(made.groupId()), CreateSecurityGroupResponse.builder()))
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

    /** Creates a group as EC2 does, with a rule that allows all outbound IPv4 traffic. */
    static SecurityGroup make(Ec2State s, SecurityGroup.Builder head, Map<String, String> tags) {
        String id = s.id("sg");
        SecurityGroup made = s.groups.add(
                head.groupId(id)
                        .ownerId(s.context.account())
                        .securityGroupArn(s.context.arn("ec2", "security-group/" + id))
                        .build(),
                tags);
        RuleCalls.add(s, made, true, all(p -> p.ipRanges(x -> x.cidrIp("0.0.0.0/0"))), Map.of());
        return made;
    }

    /** Adds the rule that only a VPC's default group has: it allows all traffic from its own members. */
    static void allowMembers(Ec2State s, SecurityGroup group) {
        RuleCalls.add(s, group, false, all(p -> p.userIdGroupPairs(x -> x.groupId(group.groupId()))), Map.of());
    }

    private static List<IpPermission> all(Consumer<IpPermission.Builder> peer) {
        return List.of(
                IpPermission.builder().ipProtocol("-1").applyMutation(peer).build());
    }

    @Override
    default DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest r) {
        Ec2State s = state();
        if (!r.groupNames().isEmpty()) {
            // A name finds only groups of the default VPC, and the twin has no default VPC.
            throw notFound("InvalidGroup", "security group", r.groupNames().getFirst());
        }
        return s.describe(s.groups, FILTERS, r, DescribeSecurityGroupsResponse.builder(), r.groupIds());
    }

    @Override
    default DeleteSecurityGroupResponse deleteSecurityGroup(DeleteSecurityGroupRequest r) {
        Ec2State s = state();
        if (r.groupId() == null) {
            throw missing("GroupId");
        }
        SecurityGroup group = s.groups.need(r.groupId());
        if (group.groupName().equals(Ec2State.DEFAULT)) {
            throw error(
                    "CannotDelete",
                    "the specified group: \"" + r.groupId() + "\" name: \"default\" cannot be deleted by a user");
        }
        boolean held = s.interfaces.stream()
                        .flatMap(n -> n.groups().stream())
                        .anyMatch(g -> g.groupId().equals(r.groupId()))
                || s.rules.stream()
                        .filter(rule -> !rule.groupId().equals(r.groupId()) && rule.referencedGroupInfo() != null)
                        .anyMatch(rule -> rule.referencedGroupInfo().groupId().equals(r.groupId()));
        if (held) {
            throw error("DependencyViolation", "resource " + r.groupId() + " has a dependent object");
        }
        remove(s, r.groupId());
        return DeleteSecurityGroupResponse.builder()
                .groupId(r.groupId())
                .returnValue(true)
                .build();
    }

    static void remove(Ec2State s, String groupId) {
        s.rulesOf(groupId).forEach(rule -> s.rules.remove(rule.securityGroupRuleId()));
        s.groups.remove(groupId);
    }
}
