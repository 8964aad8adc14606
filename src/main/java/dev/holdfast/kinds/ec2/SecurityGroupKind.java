package dev.holdfast.kinds.ec2;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** A security group with its rules. */
@Singleton
public final class SecurityGroupKind implements Kind<SecurityGroupKind.Spec> {

    /**
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html">CreateSecurityGroup</a>
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html">IpPermission</a>
     */
    public record Spec(
            @Doc("The VPC that it is in.") @Required @Immutable @Ref("Vpc") @Nullable
            String vpcId,

            @Doc("What it is for.") @Required @Immutable @Nullable
            String description,

            @Doc("Its name, unique within the VPC; generated if absent. It must not begin with sg-.")
            @PhysicalName(max = 255, also = " ._:/()#,@[]+=&;{}!$*", notPrefix = "sg-")
            @Nullable
            String groupName,

            @Doc("What may come in. Nothing, if empty.") @Nullable
            Set<Rule> ingress,

            @Doc("What may go out. A new group lets everything out over IPv4; declare the rules, or none, to have it"
                    + " otherwise.")
            @Nullable
            Set<Rule> egress,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    /** One rule: a protocol, its ports, and one source or destination, which is one of the four. */
    public record Rule(
            @Doc("tcp, udp, icmp, icmpv6, a protocol's number, or -1 for all.") @Required @Nullable
            String protocol,

            @Doc("The first port; for ICMP the type, -1 for all.") @Nullable
            Integer fromPort,

            @Doc("The last port; for ICMP the code, -1 for all.") @Nullable
            Integer toPort,

            @Doc("An IPv4 range.") @Nullable String cidrIpv4,

            @Doc("An IPv6 range.") @Nullable String cidrIpv6,

            @Doc("The id of a prefix list.") @Nullable String prefixListId,

            @Doc("A security group: what is in it.") @Ref(value = "SecurityGroup", deferred = true) @Nullable
            String securityGroup,

            @Doc("What the rule is for.") @Nullable String description)
            implements Keyed {
        public Rule {
            protocol = SecurityGroupRules.protocol(protocol);
            fromPort = SecurityGroupRules.port(protocol, fromPort);
            toPort = SecurityGroupRules.port(protocol, toPort);
            cidrIpv4 = Ec2.cidr(cidrIpv4);
            cidrIpv6 = Ec2.cidr(cidrIpv6);
            description = description == null || description.isEmpty() ? null : description;
        }

        /** {@code tcp:443:0.0.0.0/0}: all but the description, as EC2 tells rules apart. */
        @Override
        public String key() {
            return SecurityGroupRules.key(this);
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("SecurityGroup", Spec.class, OwnershipForm.TAG)
                .description("A security group: which traffic reaches and leaves what is in it.")
                .output("id", "The group's id.")
                .output("groupName", "Its name.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")
                // A call whose answer was lost, or somebody at the same rules: the next look knows what is left to do.
                .fault(FaultRule.of("InvalidPermission.Duplicate", Fault.Category.CONFLICT))
                .fault(FaultRule.of("InvalidPermission.NotFound", Fault.Category.CONFLICT))
                .fault(FaultRule.of("InvalidGroup.Duplicate", Fault.Category.EXISTS))
                .fault(FaultRule.of("RulesPerSecurityGroupLimitExceeded", Fault.Category.QUOTA))
                .fault(FaultRule.of("SecurityGroupLimitExceeded", Fault.Category.QUOTA))
                .permissions(Permissions.on("ec2:{region}:{account}:security-group/*")
                        .lists("ec2:DescribeSecurityGroups")
                        .reads("ec2:DescribeNetworkInterfaces")
                        .creates("ec2:CreateSecurityGroup")
                        .touches("ec2:CreateSecurityGroup", "ec2:{region}:{account}:vpc/*")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes(
                                "ec2:RevokeSecurityGroupIngress",
                                "ec2:RevokeSecurityGroupEgress",
                                "ec2:DeleteSecurityGroup")
                        .changesFor(
                                "ingress",
                                "ec2:AuthorizeSecurityGroupIngress",
                                "ec2:UpdateSecurityGroupRuleDescriptionsIngress")
                        .changesFor(
                                "egress",
                                "ec2:AuthorizeSecurityGroupEgress",
                                "ec2:UpdateSecurityGroupRuleDescriptionsEgress"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        Map<String, SecurityGroup> groups = new LinkedHashMap<>();
        Ec2.find(
                        scope,
                        "group-id",
                        SecurityGroup::groupId,
                        f -> ec2.describeSecurityGroupsPaginator(
                                        r -> r.filters(f).maxResults(Ec2.PAGE))
                                .securityGroups())
                .forEach(g -> groups.put(g.groupId(), g));
        named(ec2, scope).forEach(g -> groups.putIfAbsent(g.groupId(), g));
        return scope.each(groups.values(), SecurityGroupKind::identify, SecurityGroupKind::observed);
    }

    /** Whoever has a name that we want and have not got yet, in the VPC where we want it: one of ours, or a stranger. */
    private static Stream<SecurityGroup> named(Ec2Client ec2, Scope<Spec> scope) {
        Collection<Wanted<Spec>> nameless = scope.wanted().stream()
                .filter(w -> w.physicalId() == null && w.physicalName() != null && w.desired() != null)
                .toList();
        List<String> names = nameless.stream()
                .map(Wanted::physicalName)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return Ec2.filters("group-name", names)
                .flatMap(
                        f -> ec2
                                .describeSecurityGroupsPaginator(
                                        r -> r.filters(f).maxResults(Ec2.PAGE))
                                .securityGroups()
                                .stream())
                .filter(g -> nameless.stream().anyMatch(w -> wants(w, g)));
    }

    private static boolean wants(Wanted<Spec> wanted, SecurityGroup group) {
        return wanted.desired() != null
                && group.groupName().equals(wanted.physicalName())
                && group.vpcId().equals(wanted.desired().vpcId());
    }

    private static Identity identify(SecurityGroup group) {
        return Ec2.identity(group.groupId(), group.tags()).named(group.groupName());
    }

    private static Known<Spec> observed(SecurityGroup group, Identity identity) {
        return Known.of(
                        identity,
                        new Spec(
                                group.vpcId(),
                                group.description(),
                                group.groupName(),
                                SecurityGroupRules.rules(group.ipPermissions()),
                                SecurityGroupRules.rules(group.ipPermissionsEgress()),
                                identity.tags()))
                .output("id", group.groupId())
                .output("groupName", group.groupName());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(Ec2Client.class)
                .createSecurityGroup(r -> r.vpcId(spec.vpcId())
                        .groupName(spec.groupName())
                        .description(spec.description())
                        .tagSpecifications(Ec2.tags(ResourceType.SECURITY_GROUP, spec.tags())))
                .groupId();
    }

    /** Grants before it revokes: a rule that is being widened never closes its port in between. */
    @Override
    public void update(Change<Spec> change) {
        Ec2Client ec2 = change.client(Ec2Client.class);
        String id = change.physicalId();
        Delta<Rule> in = change.delta(Spec::ingress);
        Delta<Rule> out = change.delta(Spec::egress);
        if (!in.added().isEmpty()) {
            ec2.authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(permissions(in.added())));
        }
        if (!out.added().isEmpty()) {
            ec2.authorizeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(permissions(out.added())));
        }
        if (!in.altered().isEmpty()) {
            ec2.updateSecurityGroupRuleDescriptionsIngress(r -> r.groupId(id).ipPermissions(permissions(in.altered())));
        }
        if (!out.altered().isEmpty()) {
            ec2.updateSecurityGroupRuleDescriptionsEgress(r -> r.groupId(id).ipPermissions(permissions(out.altered())));
        }
        if (!in.removed().isEmpty()) {
            ec2.revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(permissions(in.removed())));
        }
        if (!out.removed().isEmpty()) {
            ec2.revokeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(permissions(out.removed())));
        }
        Ec2.updateTags(ec2, change, Spec::tags);
    }

    private static List<IpPermission> permissions(Collection<Rule> rules) {
        return rules.stream().map(SecurityGroupRules::permission).toList();
    }

    /** First takes back the rules that refer to other groups: of groups in a circle none could be deleted otherwise. */
    @Override
    public void delete(Observed<Spec> observed) {
        Ec2Client ec2 = observed.client(Ec2Client.class);
        String id = observed.physicalId();
        List<Rule> in = referring(observed.spec().ingress(), id);
        List<Rule> out = referring(observed.spec().egress(), id);
        if (!in.isEmpty()) {
            ec2.revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(permissions(in)));
        } else if (!out.isEmpty()) {
            ec2.revokeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(permissions(out)));
        } else {
            ec2.deleteSecurityGroup(r -> r.groupId(id));
        }
    }

    @Override
    public List<String> holders(Observed<Spec> observed) {
        Ec2Client ec2 = observed.client(Ec2Client.class);
        String id = observed.physicalId();
        return Stream.concat(Holders.interfaces(ec2, "group-id", id).stream(), Holders.groups(ec2, id).stream())
                .toList();
    }

    private static List<Rule> referring(@Nullable Set<Rule> rules, String own) {
        return rules == null
                ? List.of()
                : rules.stream()
                        .filter(r ->
                                r.securityGroup() != null && !r.securityGroup().equals(own))
                        .toList();
    }
}
