package dev.holdfast.kinds.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.kind.StackRef;
import dev.holdfast.model.FieldChange.Effect;
import dev.holdfast.model.Health;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Tag;

/** VPCs, subnets, internet gateways and Elastic IP addresses. */
class NetworkKindsTest {
    private static final String VPC = """
        {'cidrBlock':'10.0.0.7/16','instanceTenancy':'default','enableDnsHostnames':true,'enableDnsSupport':true,
         'tags':{'a':'b'}}\
        """;

    private final World world = new World();
    private final World.Thing<VpcKind.Spec> vpc = world.thing(new VpcKind(), "Vpc/main");
    private final World.Thing<SubnetKind.Spec> subnet = world.thing(new SubnetKind(), "Subnet/a");
    private final World.Thing<InternetGatewayKind.Spec> gateway =
            world.thing(new InternetGatewayKind(), "InternetGateway/main");
    private final World.Thing<ElasticIpKind.Spec> address = world.thing(new ElasticIpKind(), "ElasticIp/nat");

    private String subnetJson(String vpcId) {
        return "{'vpcId':'" + vpcId + "','cidrBlock':'10.0.1.0/24','availabilityZone':'eu-west-2a',"
                + "'mapPublicIpOnLaunch':true,'privateDnsHostnameTypeOnLaunch':'ip-name',"
                + "'enableResourceNameDnsARecordOnLaunch':false,'tags':{'a':'b'}}";
    }

    @Test
    void aVpcIsCreatedCompletedAndThenLeftAlone() {
        vpc.desire(VPC).converge();
        assertThat(world.writes()).containsExactly("createVpc", "modifyVpcAttribute");
        assertThat(vpc.known().outputs()).containsEntry("id", vpc.id()).containsEntry("cidrBlock", "10.0.0.0/16");

        world.calls.clear();
        vpc.converge();

        assertThat(world.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'enableDnsHostnames':false} | modifyVpcAttribute",
                "{'enableDnsSupport':false} | modifyVpcAttribute",
                "{'tags':{'a':'c'}} | createTags",
                "{'tags':{}} | deleteTags",
            })
    void aChangedFieldOfAVpcTakesItsOwnCall(String patch, String call) {
        vpc.desire(VPC).converge();
        world.calls.clear();

        vpc.desire(VPC, patch).converge();

        assertThat(world.writes()).containsExactly(call);
    }

    @Test
    void rangeAndTenancyOfAVpcCannotChange() {
        vpc.desire(VPC).converge();

        assertThat(vpc.desire(VPC, "{'cidrBlock':'10.1.0.0/16','instanceTenancy':'dedicated'}")
                        .diff()
                        .changes())
                .hasSize(2)
                .allMatch(c -> c.effect() == Effect.Replace);
    }

    @Test
    void isFoundWithoutARecordByItsTags() {
        String id = vpc.desire(VPC).converge().id();

        vpc.lost();

        assertThat(vpc.id()).isEqualTo(id);
        assertThat(vpc.diff().isEmpty()).isTrue();
    }

    @Test
    void isFoundByItsRecordedIdWithoutItsTags() {
        String id = vpc.desire(VPC).converge().id();
        world.ec2.deleteTags(
                r -> r.resources(id).tags(Tag.builder().key(StackRef.STACK_TAG).build()));

        assertThat(vpc.diff().changed()).containsExactly("tags");
        vpc.converge();

        assertThat(vpc.lost().id()).isEqualTo(id);
    }

    @Test
    void isConfirmedByItsIdAlone() {
        vpc.desire(VPC).converge();
        world.calls.clear();

        assertThat(vpc.confirmed()).isNotNull();

        assertThat(world.calls).filteredOn("describeVpcs"::equals).hasSize(1);
    }

    @Test
    void whatIsGoneIsNoErrorButNothing() {
        String id = vpc.desire(VPC).converge().id();
        world.ec2.deleteVpc(r -> r.vpcId(id));

        assertThat(vpc.known()).isNull();
        assertThat(vpc.confirmed()).isNull();
    }

    @Test
    void showsLateWhatWasCreated() {
        world.settings.delay(Delay.VISIBLE, Duration.ofSeconds(10));
        vpc.desire(VPC).create();
        assertThat(vpc.known()).isNull();

        world.pass(Duration.ofSeconds(10));

        assertThat(vpc.known()).isNotNull();
    }

    @Test
    void readsEveryPage() {
        world.settings.pageSize(1);
        for (int i = 0; i < 3; i++) {
            world.thing(new VpcKind(), "Vpc/v" + i)
                    .desire("{'cidrBlock':'10.0.0.0/16'}")
                    .converge();
        }

        vpc.desire(VPC).converge();

        assertThat(vpc.observe(null, false)).hasSize(4);
    }

    @Test
    void aSubnetIsCreatedCompletedAndThenLeftAlone() {
        subnet.desire(subnetJson(world.vpc()));
        world.calls.clear();

        subnet.converge().converge();

        assertThat(world.writes()).containsExactly("createSubnet", "modifySubnetAttribute");
        assertThat(subnet.known().outputs())
                .containsEntry("id", subnet.id())
                .containsEntry("availabilityZone", "eu-west-2a")
                .containsEntry("cidrBlock", "10.0.1.0/24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'mapPublicIpOnLaunch':false} | modifySubnetAttribute",
                "{'privateDnsHostnameTypeOnLaunch':'resource-name'} | modifySubnetAttribute",
                "{'enableResourceNameDnsARecordOnLaunch':true} | modifySubnetAttribute",
                "{'tags':{'a':'c'}} | createTags",
            })
    void aChangedFieldOfASubnetTakesItsOwnCall(String patch, String call) {
        String json = subnetJson(world.vpc());
        subnet.desire(json).converge();
        world.calls.clear();

        subnet.desire(json, patch).converge();

        assertThat(world.writes()).containsExactly(call);
    }

    @Test
    void aSubnetIsDeletedOnceNothingIsInIt() {
        String vpcId = world.vpc();
        subnet.desire(subnetJson(vpcId)).converge();
        String inside = world.ec2.createInterface(subnet.id(), java.util.List.of(), "a task", true);

        assertThatExceptionOfType(Ec2Exception.class)
                .isThrownBy(subnet::delete)
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("DependencyViolation"));
        world.ec2.deleteInterface(inside);
        world.pass(Duration.ofMinutes(1));

        assertThat(subnet.deleteAll()).isEqualTo(1);
    }

    @Test
    void aGatewayIsAttachedByACallOfItsOwn() {
        gateway.desire("{'vpcId':'" + world.vpc() + "'}");
        world.calls.clear();
        gateway.create();
        assertThat(gateway.known().health().ready()).isEqualTo(Health.Ready.False);

        gateway.converge();

        assertThat(world.writes()).containsExactly("createInternetGateway", "attachInternetGateway");
        assertThat(gateway.known().health()).isEqualTo(Health.AVAILABLE);
    }

    @Test
    void aGatewayMovesToNoOtherVpc() {
        gateway.desire("{'vpcId':'" + world.vpc() + "'}").converge();
        String other = world.thing(new VpcKind(), "Vpc/other")
                .desire("{'cidrBlock':'10.9.0.0/16'}")
                .converge()
                .id();

        gateway.desire("{'vpcId':'" + other + "'}");

        assertThat(gateway.diff().replaces()).isTrue();
    }

    @Test
    void aGatewayThatWasDetachedIsAttachedAgain() {
        gateway.desire("{'vpcId':'" + world.vpc() + "'}").converge();
        world.ec2.detachInternetGateway(r -> r.internetGatewayId(gateway.id()).vpcId(world.vpc()));
        world.calls.clear();

        assertThat(gateway.diff().replaces()).isFalse();
        gateway.converge();

        assertThat(world.writes()).containsExactly("attachInternetGateway");
    }

    @Test
    void aGatewayIsDetachedBeforeItIsDeleted() {
        gateway.desire("{'vpcId':'" + world.vpc() + "'}").converge();
        world.calls.clear();

        assertThat(gateway.deleteAll()).isEqualTo(2);

        assertThat(world.writes()).containsExactly("detachInternetGateway", "deleteInternetGateway");
    }

    @Test
    void anAddressIsAllocatedOnceAndKept() {
        address.desire("{'networkBorderGroup':'eu-west-2','publicIpv4Pool':'amazon','tags':{'a':'b'}}")
                .converge()
                .converge();

        assertThat(world.writes()).containsExactly("allocateAddress");
        assertThat(address.known().outputs())
                .containsEntry("allocationId", address.id())
                .containsKey("publicIp");
        assertThat(new ElasticIpKind().info().defaultOutput()).isEqualTo("allocationId");
    }

    @Test
    void anAddressTakesTagsAndIsReleased() {
        address.desire("{'tags':{'a':'b'}}").converge();
        world.calls.clear();

        address.desire("{'tags':{'c':'d'}}").converge();
        address.lost().deleteAll();

        assertThat(world.writes()).containsExactly("createTags", "deleteTags", "releaseAddress");
        assertThat(address.known()).isNull();
    }

    @Test
    void anAddressOfAnotherBorderGroupIsReleasedThere() {
        address.desire("{'networkBorderGroup':'eu-west-2-wl1-lon-wlz-1'}").converge();

        address.lost().deleteAll();

        assertThat(address.known()).isNull();
    }

    @Test
    void onePassReadsEachKindOnce() {
        vpc.desire("{'cidrBlock':'10.0.0.0/16'}").converge();
        subnet.desire(subnetJson(vpc.id())).converge();
        gateway.desire("{'vpcId':'" + vpc.id() + "'}").converge();
        address.desire("{}").converge();
        world.calls.clear();

        subnet.known();
        gateway.known();
        address.known();

        assertThat(world.calls).containsExactly("describeSubnets", "describeInternetGateways", "describeAddresses");
    }
}
