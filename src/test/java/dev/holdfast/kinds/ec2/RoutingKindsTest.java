package dev.holdfast.kinds.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kinds.ec2.RouteTableKind.TableRoute;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** NAT gateways, route tables and VPC endpoints. */
class RoutingKindsTest {
    private final World world = new World();
    private final World.Thing<NatGatewayKind.Spec> nat = world.thing(new NatGatewayKind(), "NatGateway/a");
    private final World.Thing<RouteTableKind.Spec> table = world.thing(new RouteTableKind(), "RouteTable/private");
    private final World.Thing<VpcEndpointKind.Spec> endpoint = world.thing(new VpcEndpointKind(), "VpcEndpoint/s3");
    private String vpcId;
    private String subnetA;
    private String subnetB;

    @BeforeEach
    void aVpcOfTwoZones() {
        vpcId = world.vpc();
        subnetA = world.subnet(vpcId, "a", "10.0.1.0/24");
        subnetB = world.subnet(vpcId, "b", "10.0.2.0/24");
        world.calls.clear();
    }

    private String address() {
        return world.ec2.allocateAddress(r -> {}).allocationId();
    }

    private String natJson(String allocationId) {
        return "{'subnetId':'" + subnetA + "','allocationId':'" + allocationId
                + "','connectivityType':'public','tags':{'a':'b'}}";
    }

    @Test
    void aNatGatewayIsReadyAfterAWhile() {
        world.attachedGateway(vpcId);
        nat.desire(natJson(address())).converge();
        assertThat(nat.known().phase()).isEqualTo(Phase.Creating);

        world.pass(Duration.ofMinutes(2));

        assertThat(nat.known().phase()).isEqualTo(Phase.Steady);
        assertThat(nat.known().health()).isEqualTo(Health.AVAILABLE);
        assertThat(nat.known().outputs()).containsKeys("id", "publicIp");
        assertThat(world.writes()).containsExactly("createNatGateway");
    }

    @Test
    void aNatGatewayCreatedTwiceWithOneTokenIsOne() {
        world.attachedGateway(vpcId);
        nat.desire(natJson(address())).create();

        nat.create();

        assertThat(nat.observe(null, false)).hasSize(1);
    }

    @Test
    void aNatGatewayWithoutAWayOutFailsAndSaysWhy() {
        nat.desire(natJson(address())).create();

        world.pass(Duration.ofMinutes(2));

        assertThat(nat.known().health())
                .isEqualTo(Health.notReady(
                        "Gateway.NotAttached", "Network " + vpcId + " has no Internet gateway attached"));
        world.pass(Duration.ofHours(1));
        assertThat(nat.known()).isNull();
    }

    @Test
    void anAddressIsReleasedOnceItsNatGatewayIsDeleted() {
        world.attachedGateway(vpcId);
        World.Thing<ElasticIpKind.Spec> address = world.thing(new ElasticIpKind(), "ElasticIp/nat");
        address.desire("{}").converge();
        nat.desire(natJson(address.id())).converge();
        nat.delete();
        assertThat(nat.known().phase()).isEqualTo(Phase.Deleting);
        assertThatExceptionOfType(Ec2Exception.class)
                .isThrownBy(address::delete)
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AuthFailure"));

        world.pass(Duration.ofMinutes(2));

        assertThat(nat.known()).as("EC2 still lists a deleted gateway").isNull();
        assertThat(address.deleteAll()).isEqualTo(1);
    }

    private String tableJson(String routes, String... subnets) {
        String associations = String.join(
                ",",
                List.of(subnets).stream().map(s -> "{'subnetId':'" + s + "'}").toList());
        return "{'vpcId':'" + vpcId + "','routes':[" + routes + "],'associations':[" + associations + "]}";
    }

    private static String route(String destination, String target, String id) {
        return "{'destinationCidrBlock':'" + destination + "','" + target + "':'" + id + "'}";
    }

    @Test
    void aTableIsCreatedGivenItsRoutesAndThenItsSubnets() {
        String gateway = world.attachedGateway(vpcId);
        table.desire(tableJson(route("0.0.0.0/0", "gatewayId", gateway), subnetA, subnetB));

        table.converge().converge();

        assertThat(world.writes())
                .containsExactly("createRouteTable", "createRoute", "associateRouteTable", "associateRouteTable");
        assertThat(table.known().health()).isEqualTo(Health.AVAILABLE);
    }

    @Test
    void aRouteIsLedElsewhereInOneCall() {
        String gateway = world.attachedGateway(vpcId);
        table.desire(tableJson(route("0.0.0.0/0", "gatewayId", gateway))).converge();
        nat.desire(natJson(address())).converge();
        world.calls.clear();

        table.desire(tableJson(route("0.0.0.0/0", "natGatewayId", nat.id()))).converge();

        assertThat(world.writes()).containsExactly("replaceRoute");
    }

    @Test
    void routesThatNobodyDeclaredAreTakenAway() {
        String gateway = world.attachedGateway(vpcId);
        table.desire(tableJson("")).converge();
        world.ec2.createRoute(r ->
                r.routeTableId(table.id()).destinationCidrBlock("1.2.3.0/24").gatewayId(gateway));

        assertThat(table.diff().changes()).extracting(FieldChange::path).containsExactly("/routes/1.2.3.0~124");
        table.converge();

        assertThat(table.known().spec().routes()).isEmpty();
    }

    @Test
    void routesThatNobodyDeclaredAreLeftAloneAndToldOfWhereTheTableIsNotExclusive() {
        String gateway = world.attachedGateway(vpcId);
        table.desire(tableJson(route("5.6.7.0/24", "gatewayId", gateway)), "{'exclusiveRoutes':false}")
                .converge();
        world.ec2.createRoute(r ->
                r.routeTableId(table.id()).destinationCidrBlock("1.2.3.0/24").gatewayId(gateway));
        world.calls.clear();

        table.converge();

        assertThat(world.writes()).isEmpty();
        assertThat(table.known().outputs()).containsEntry("undeclaredRoutes", List.of("1.2.3.0/24"));
    }

    @Test
    void routesOfGatewayEndpointsAreNotTheTables() {
        table.desire(tableJson("")).converge();
        endpoint.desire("{'vpcId':'" + vpcId + "','serviceName':'com.amazonaws.eu-west-2.s3','routeTableIds':['"
                        + table.id() + "']}")
                .converge();

        assertThat(table.diff().isEmpty()).isTrue();
        assertThat(table.known().spec().routes()).isEmpty();
    }

    @Test
    void aRouteIntoNothingMakesTheTableUnready() {
        String gateway = world.attachedGateway(vpcId);
        table.desire(tableJson(route("0.0.0.0/0", "gatewayId", gateway))).converge();

        world.ec2.detachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpcId));

        assertThat(table.known().health())
                .isEqualTo(Health.notReady("Blackhole", "the targets of these routes do not exist: 0.0.0.0/0"));
    }

    @Test
    void aSubnetMovesOverFromAnotherTableInOneCall() {
        World.Thing<RouteTableKind.Spec> other = world.thing(new RouteTableKind(), "RouteTable/old");
        other.desire(tableJson("", subnetA)).converge();
        table.desire(tableJson("")).converge();
        world.calls.clear();

        table.desire(tableJson("", subnetA)).converge();

        assertThat(world.writes()).containsExactly("replaceRouteTableAssociation");
        assertThat(other.known().spec().associations()).isEmpty();
    }

    @Test
    void aTableLeavesAnAssociationAloneThatAnotherTableHasTakenSinceItWasRead() {
        World.Thing<RouteTableKind.Spec> other = world.thing(new RouteTableKind(), "RouteTable/new");
        table.desire(tableJson("", subnetA, subnetB)).converge();
        other.desire(tableJson("")).converge();
        Observed<RouteTableKind.Spec> before = table.observed();
        other.desire(tableJson("", subnetA)).converge();
        world.calls.clear();

        table.desire(tableJson("", subnetB)).update(before);

        assertThat(world.writes()).isEmpty();
        assertThat(other.known().spec().associations()).hasSize(1);
    }

    @Test
    void aTableLetsItsSubnetsGoBeforeItIsDeleted() {
        table.desire(tableJson("", subnetA, subnetB)).converge();
        world.calls.clear();

        assertThat(table.deleteAll()).isEqualTo(3);

        assertThat(world.writes())
                .containsExactly("disassociateRouteTable", "disassociateRouteTable", "deleteRouteTable");
    }

    @Test
    void aTableIsFoundAgainOnPagesOfOne() {
        world.settings.pageSize(1);
        table.desire(tableJson("", subnetA)).converge();
        world.thing(new RouteTableKind(), "RouteTable/b")
                .desire(tableJson("", subnetB))
                .converge();

        assertThat(table.lost().diff().isEmpty()).isTrue();
        assertThat(table.observe(null, false)).hasSize(2);
    }

    @Test
    void routesAreToldApartByTheirDestination() {
        TableRoute one = new TableRoute("10.9.8.7/16", null, null, "igw-1", null, null, null, null, null, null);

        assertThat(one.key()).isEqualTo("10.9.0.0/16");
    }

    @Test
    void aGatewayEndpointFollowsItsTables() {
        table.desire(tableJson("")).converge();
        String json = "{'vpcId':'" + vpcId + "','serviceName':'com.amazonaws.eu-west-2.s3',"
                + "'vpcEndpointType':'Gateway','routeTableIds':[]}";
        endpoint.desire(json).converge();
        world.calls.clear();

        endpoint.desire(json, "{'routeTableIds':['" + table.id() + "']}").converge();

        assertThat(world.writes()).containsExactly("modifyVpcEndpoint");
        endpoint.desire(json).converge();
        assertThat(endpoint.deleteAll()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'subnetIds':['%A']} | modifyVpcEndpoint",
                "{'securityGroupIds':['%H']} | modifyVpcEndpoint",
                "{'privateDnsEnabled':false} | modifyVpcEndpoint",
                "{'policyDocument':{'Version':'2012-10-17','Statement':[]}} | modifyVpcEndpoint",
                "{'tags':{'c':'d'}} | createTags",
            })
    void aChangedFieldOfAnInterfaceEndpointTakesItsOwnCall(String patch, String call) {
        world.ec2.modifyVpcAttribute(r -> r.vpcId(vpcId).enableDnsHostnames(b -> b.value(true)));
        String group = world.group(vpcId, "endpoint");
        String other = world.group(vpcId, "other");
        String json = "{'vpcId':'" + vpcId + "','serviceName':'com.amazonaws.eu-west-2.logs',"
                + "'vpcEndpointType':'Interface','subnetIds':['" + subnetA + "','" + subnetB
                + "'],'securityGroupIds':['" + group + "'],'privateDnsEnabled':true}";
        endpoint.desire(json).converge();
        assertThat(endpoint.known().phase()).isEqualTo(Phase.Creating);
        world.pass(world.settings.delay(Delay.VPC_ENDPOINT));
        assertThat(endpoint.known().health()).isEqualTo(Health.AVAILABLE);
        world.calls.clear();

        endpoint.desire(json, patch.replace("%A", subnetA).replace("%H", other)).converge();

        assertThat(world.writes()).containsExactly(call);
    }

    @Test
    void anInterfaceEndpointHoldsItsSubnetsUntilItIsGone() {
        endpoint.desire("{'vpcId':'" + vpcId + "','serviceName':'com.amazonaws.eu-west-2.logs',"
                        + "'vpcEndpointType':'Interface','subnetIds':['" + subnetA + "'],'privateDnsEnabled':false}")
                .converge();
        endpoint.delete();
        assertThat(endpoint.known().phase()).isEqualTo(Phase.Deleting);
        assertThatExceptionOfType(Ec2Exception.class)
                .isThrownBy(() -> world.ec2.deleteSubnet(r -> r.subnetId(subnetA)));

        world.pass(world.settings.delay(Delay.VPC_ENDPOINT));

        assertThat(endpoint.known()).isNull();
        world.ec2.deleteSubnet(r -> r.subnetId(subnetA));
    }

    @Test
    void aRefusalInAnAnswerIsAnError() {
        endpoint.desire("{'vpcId':'" + vpcId + "','serviceName':'com.amazonaws.eu-west-2.s3'}")
                .converge();
        var observed = endpoint.observed();
        world.ec2.deleteVpcEndpoints(r -> r.vpcEndpointIds(observed.physicalId()));

        assertThatExceptionOfType(Ec2Exception.class)
                .isThrownBy(() -> new VpcEndpointKind().delete(observed))
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidVpcEndpoint.NotFound"));
        assertThat(endpoint.observe(observed.physicalId(), true)).isEmpty();
    }

    @Test
    void isConfirmedByItsIdWithoutItsTags() {
        table.desire(tableJson("")).converge();
        String id = table.id();
        world.ec2.deleteTags(r -> r.resources(id));

        Known<RouteTableKind.Spec> found = table.confirmed();

        assertThat(found.identity().tags()).isEmpty();
    }
}
