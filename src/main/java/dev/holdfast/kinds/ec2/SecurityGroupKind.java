package dev.holdfast.kinds.ec2;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** A security group with its rules. */
@Singleton
public final class SecurityGroupKind extends DeclaredKind<SecurityGroupKind.Spec> {
    private static final Listing<Ec2Client, SecurityGroup> LISTING =
            Ec2.find(SecurityGroup::groupId, SecurityGroupKind::read);

    /**
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html">CreateSecurityGroup</a>
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html">IpPermission</a>
     */
    public record Spec(
            @Doc("The VPC of the group.") @Required @Immutable @Ref("Vpc")
            String vpcId,

            @Doc("The purpose of the group.") @Required @Immutable
            String description,

            @Doc("The name, unique within the VPC; generated if absent. It must not begin with sg-.")
            @PhysicalName(max = 255, also = " ._:/()#,@[]+=&;{}!$*", notPrefix = "sg-")
            String groupName,

            @Doc("The allowed incoming traffic; none if empty.") @WithdrawnLast @Risk(FieldRisk.SOURCES)
            Set<GroupRule> ingress,

            @Doc("The allowed outgoing traffic; none if empty. If the field is absent, a new group allows all"
                    + " outgoing traffic over IPv4.")
            @WithdrawnLast
            Set<GroupRule> egress,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    /** A rule: a protocol, its ports, and one source or destination, which is one of four components. */
    @OneOf({"cidrIpv4", "cidrIpv6", "prefixListId", "securityGroup"})
    public record GroupRule(
            @Doc("The protocol: tcp, udp, icmp, icmpv6, a protocol's number, or -1 for all.")
            @Required
            @WireName("ipProtocol")
            String protocol,

            @Doc("The first port; for ICMP the type, -1 for all.")
            Integer fromPort,

            @Doc("The last port; for ICMP the code, -1 for all.")
            Integer toPort,

            @Doc("The source or destination: an IPv4 range.") @WireName("cidrIp") @Risk(FieldRisk.ADDRESSES)
            String cidrIpv4,

            @Doc("The source or destination: an IPv6 range.") @Risk(FieldRisk.ADDRESSES)
            String cidrIpv6,

            @Doc("The source or destination: the id of a prefix list.")
            String prefixListId,

            @Doc("The source or destination: the members of a security group.")
            @Ref(value = "SecurityGroup", deferred = true)
            @WireName("groupId")
            String securityGroup,

            @Doc("The purpose of the rule.") String description)
            implements Keyed {
        public GroupRule {
            protocol = SecurityGroupRules.protocol(protocol);
            fromPort = SecurityGroupRules.port(protocol, fromPort);
            toPort = SecurityGroupRules.port(protocol, toPort);
            cidrIpv4 = Ec2.cidr(cidrIpv4);
            cidrIpv6 = Ec2.cidr(cidrIpv6);
            description = description == null || description.isEmpty() ? null : description;
        }

        /**
         * {@code tcp:443:0.0.0.0/0}: all components except the description, which EC2 does not use to identify a rule.
         */
        @Override
        public String key() {
            return SecurityGroupRules.key(this);
        }

        /** {@code tcp 443 from 0.0.0.0/0} */
        @Override
        public String words(String field) {
            return SecurityGroupRules.words(this, field.equals("egress") ? "to" : "from");
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("SecurityGroup", Spec.class)
                .description("A security group: the traffic that its members may receive and send.")
                .finds(SecurityGroupKind::find)
                .id(SecurityGroup::groupId)
                .name(SecurityGroup::groupName)
                .within((desired, group) -> group.vpcId().equals(desired.vpcId()))
                .tags(Ec2.tagging(ResourceType.SECURITY_GROUP))
                .reads(Spec::ingress, group -> SecurityGroupRules.rules(group.ipPermissions()))
                .reads(Spec::egress, group -> SecurityGroupRules.rules(group.ipPermissionsEgress()))
                .creates(CreateSecurityGroupRequest::builder, Ec2Client::createSecurityGroup)
                .updates(SecurityGroupKind::updateRules, Spec::ingress, Spec::egress)
                .deletesObserved(SecurityGroupKind::revokeOrDelete)
                .output("id", "The group's id.", SecurityGroup::groupId)
                .output("groupName", "The group's name.", SecurityGroup::groupName)
                // The answer to a call was lost, or another principal changes the rules: the next observation shows
                // which calls remain.
                .fault("InvalidPermission.Duplicate", CONFLICT)
                .fault("InvalidPermission.NotFound", CONFLICT)
                .fault("InvalidGroup.Duplicate", EXISTS)
                .fault("RulesPerSecurityGroupLimitExceeded", QUOTA)
                .fault("SecurityGroupLimitExceeded", QUOTA)
                .permissions(Permissions.on("ec2:{region}:{account}:security-group/*")
                        .touchesOwn("ec2:CreateSecurityGroup", "ec2:{region}:{account}:vpc/*")
                        .changesFor(
                                "ingress",
                                "ec2:AuthorizeSecurityGroupIngress",
                                "ec2:UpdateSecurityGroupRuleDescriptionsIngress")
                        .changesFor(
                                "egress",
                                "ec2:AuthorizeSecurityGroupEgress",
                                "ec2:UpdateSecurityGroupRuleDescriptionsEgress"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html");
    }

    private static Iterable<SecurityGroup> read(Ec2Client ec2, Filter filter) {
        return ec2.describeSecurityGroupsPaginator(r -> r.filters(filter).maxResults(Ec2.PAGE))
                .securityGroups();
    }

    /** Also finds the groups of any owner that have a desired name for which no id is recorded. */
    private static Collection<SecurityGroup> find(Scope<?> scope, Ec2Client ec2) {
        Map<String, SecurityGroup> found = new LinkedHashMap<>();
        LISTING.find(scope, ec2).forEach(group -> found.put(group.groupId(), group));
        Set<String> names = scope.wanted().stream()
                .filter(w -> w.physicalId() == null && w.desired() != null)
                .map(Wanted::physicalName)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Ec2.filters("group-name", names)
                .forEach(filter -> read(ec2, filter).forEach(group -> found.put(group.groupId(), group)));
        return found.values();
    }

    /** Grants rules before it revokes others, so that a port whose rule is being widened stays open. */
    private static void updateRules(Ec2Client ec2, Change<Spec> change) {
        String id = change.physicalId();
        Delta<GroupRule> in = change.delta(Spec::ingress);
        Delta<GroupRule> out = change.delta(Spec::egress);
        send(
                in.added(),
                p -> ec2.authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(p)));
        send(
                out.added(),
                p -> ec2.authorizeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(p)));
        send(
                in.altered(),
                p -> ec2.updateSecurityGroupRuleDescriptionsIngress(
                        r -> r.groupId(id).ipPermissions(p)));
        send(
                out.altered(),
                p -> ec2.updateSecurityGroupRuleDescriptionsEgress(
                        r -> r.groupId(id).ipPermissions(p)));
        send(
                in.removed(),
                p -> ec2.revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(p)));
        send(
                out.removed(),
                p -> ec2.revokeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(p)));
    }

    /** Sends the rules, if there are any. */
    private static boolean send(Collection<GroupRule> rules, Consumer<List<IpPermission>> call) {
        if (rules.isEmpty()) {
            return false;
        }
        call.accept(rules.stream().map(SecurityGroupRules::permission).toList());
        return true;
    }

    /** Revokes the rules that refer to other groups first: groups that refer to each other could never be deleted otherwise. */
    private static void revokeOrDelete(Ec2Client ec2, Observed<Spec> observed) {
        String id = observed.physicalId();
        List<GroupRule> in = referring(observed.spec().ingress(), id);
        List<GroupRule> out = referring(observed.spec().egress(), id);
        if (!send(in, p -> ec2.revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(p)))
                && !send(
                        out,
                        p -> ec2.revokeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(p)))) {
            ec2.deleteSecurityGroup(r -> r.groupId(id));
        }
    }

    private static List<GroupRule> referring(@Nullable Set<GroupRule> rules, String own) {
        return Objects.requireNonNullElse(rules, Set.<GroupRule>of()).stream()
                .filter(r -> r.securityGroup() != null && !r.securityGroup().equals(own))
                .toList();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        SecurityGroupRules.check(spec.ingress())
                .ifPresent(wrong -> findings.wrong(Spec::ingress, wrong, "correct the rule"));
        SecurityGroupRules.check(spec.egress())
                .ifPresent(wrong -> findings.wrong(Spec::egress, wrong, "correct the rule"));
    }

    @Override
    public List<String> holders(Observed<Spec> observed) {
        Ec2Client ec2 = observed.client(Ec2Client.class);
        String id = observed.physicalId();
        Stream<String> groups = ec2
                .describeSecurityGroups(
                        r -> r.filters(f -> f.name("ip-permission.group-id").values(id))
                                .maxResults(Ec2.MOST_HOLDERS))
                .securityGroups()
                .stream()
                .filter(g -> !g.groupId().equals(id))
                .map(g -> g.groupId() + " (its rules refer to the group)");
        return Stream.concat(Ec2.interfaces(ec2, "group-id", id).stream(), groups)
                .toList();
    }
}
