package dev.holdfast.kinds.ec2;

import dev.holdfast.kind.*;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeResponse;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Tenancy;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;

/** A virtual private cloud. */
@Singleton
public final class VpcKind extends DeclaredKind<VpcKind.Spec> {
    private static final String DEFAULT_GROUP = "default";

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html">CreateVpc</a> */
    public record Spec(
            @Doc("The IPv4 network range, in CIDR notation.") @Required @Immutable
            String cidrBlock,

            @Doc("Whether instances may run on shared or dedicated hardware.")
            @Immutable
            @Offers({"default", "dedicated"})
            Tenancy instanceTenancy,

            @Doc("Whether instances get public DNS host names.") @Slow("attributes")
            Boolean enableDnsHostnames,

            @Doc("Whether DNS resolution works in the VPC.") @Slow("attributes")
            Boolean enableDnsSupport,

            @Doc("If true, the default security group has no rules. AWS creates the group with the VPC,"
                    + " and it cannot be deleted.")
            @Slow("defaultSecurityGroup")
            Boolean restrictDefaultSecurityGroup,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            cidrBlock = Ec2.cidr(cidrBlock);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("Vpc", Spec.class)
                .description("A virtual private cloud: the network that contains all other network resources.")
                .finds(Ec2.find(
                        Vpc::vpcId,
                        (ec2, f) -> ec2.describeVpcsPaginator(r -> r.filters(f).maxResults(Ec2.PAGE))
                                .vpcs()))
                .id(Vpc::vpcId)
                .tags(Ec2.tagging(ResourceType.VPC))
                // EC2 returns one attribute per call, and a slow facet is one call.
                .facet(
                        "attributes.enableDnsHostnames",
                        (ec2, vpc) -> attribute(ec2, vpc, VpcAttributeName.ENABLE_DNS_HOSTNAMES))
                .facet(
                        "attributes.enableDnsSupport",
                        (ec2, vpc) -> attribute(ec2, vpc, VpcAttributeName.ENABLE_DNS_SUPPORT))
                .facetOfOwners(
                        Spec::restrictDefaultSecurityGroup, (ec2, vpc) -> hasNoRules(defaultGroups(ec2, vpc.vpcId())))
                .state((known, vpc) -> Ec2.state(known, vpc.stateAsString(), Health.AVAILABLE))
                .creates(CreateVpcRequest::builder, Ec2Client::createVpc)
                // Host names need DNS resolution, which is switched on before them, and off after them.
                .changesOneByOne(
                        ModifyVpcAttributeRequest::builder,
                        Ec2Client::modifyVpcAttribute,
                        change -> Boolean.TRUE.equals(change.spec().enableDnsSupport()))
                .updates(VpcKind::revokeDefaultRules, Spec::restrictDefaultSecurityGroup)
                .deletes((ec2, id) -> ec2.deleteVpc(r -> r.vpcId(id)))
                .output("id", "The VPC's id.", Vpc::vpcId)
                .output("cidrBlock", "The VPC's IPv4 range.", Vpc::cidrBlock)
                .leavesOut("Ipv4IpamPoolId, Ipv4NetmaskLength", "Holdfast does not manage IPAM pools yet")
                .leavesOut(
                        "AmazonProvidedIpv6CidrBlock, Ipv6CidrBlock, Ipv6CidrBlockNetworkBorderGroup, Ipv6IpamPoolId,"
                                + " Ipv6NetmaskLength, Ipv6Pool",
                        "IPv6 is not offered yet, neither here nor in subnets")
                .leavesOut("VpcEncryptionControl", "the control is a separate resource, which is created after the VPC")
                // Another principal removed the rule meanwhile: the next observation shows which rules remain.
                .fault("InvalidPermission.NotFound", Fault.Category.CONFLICT)
                .permissions(Permissions.on("ec2:{region}:{account}:vpc/*")
                        .changesUntagged(
                                "restrictDefaultSecurityGroup",
                                "ec2:{region}:{account}:security-group/*",
                                "ec2:RevokeSecurityGroupIngress",
                                "ec2:RevokeSecurityGroupEgress"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html");
    }

    private static DescribeVpcAttributeResponse attribute(Ec2Client ec2, Vpc vpc, VpcAttributeName name) {
        return ec2.describeVpcAttribute(r -> r.vpcId(vpc.vpcId()).attribute(name));
    }

    /** The one default group of a VPC; shortly after the VPC's creation there may be none. */
    private static List<SecurityGroup> defaultGroups(Ec2Client ec2, String vpcId) {
        return ec2.describeSecurityGroups(r -> r.filters(
                        Ec2.filter("vpc-id", List.of(vpcId)), Ec2.filter("group-name", List.of(DEFAULT_GROUP))))
                .securityGroups();
    }

    private static boolean hasNoRules(List<SecurityGroup> groups) {
        return !groups.isEmpty()
                && groups.stream()
                        .allMatch(group -> group.ipPermissions().isEmpty()
                                && group.ipPermissionsEgress().isEmpty());
    }

    /** Reads the rules again before it revokes them: EC2 rejects the revocation of a rule that does not exist. */
    private static void revokeDefaultRules(Ec2Client ec2, Change<Spec> change) {
        for (SecurityGroup group : defaultGroups(ec2, change.physicalId())) {
            if (!group.ipPermissions().isEmpty()) {
                ec2.revokeSecurityGroupIngress(r -> r.groupId(group.groupId()).ipPermissions(group.ipPermissions()));
            }
            if (!group.ipPermissionsEgress().isEmpty()) {
                ec2.revokeSecurityGroupEgress(
                        r -> r.groupId(group.groupId()).ipPermissions(group.ipPermissionsEgress()));
            }
        }
    }

    /** Only removes rules of a default group: the operator's policy lets it open no group without its tag. */
    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if (Boolean.FALSE.equals(spec.restrictDefaultSecurityGroup())) {
            findings.wrong(
                    Spec::restrictDefaultSecurityGroup,
                    "expected true, found false: Holdfast adds no rules to a default security group",
                    "remove the field, or set it to null in a patch; the group is then ignored");
        }
    }

    @Override
    public List<String> holders(Observed<Spec> observed) {
        return Ec2.interfaces(observed.client(Ec2Client.class), "vpc-id", observed.physicalId());
    }
}
