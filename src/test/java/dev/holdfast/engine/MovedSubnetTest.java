package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.ec2.RouteTableKind;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** A subnet that moves between two route tables has the routes of one of them at all times. */
class MovedSubnetTest {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final String NETWORK = """
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'public'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.1.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'b'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.2.0/24','availabilityZone':'eu-west-2b'}},
            {'apiVersion':'holdfast.dev/v1','kind':'InternetGateway','metadata':{'name':'main'},
              'spec':{'vpcId':'${Vpc/main}'}}
            """;
    private static final String NAT = """
            {'apiVersion':'holdfast.dev/v1','kind':'ElasticIp','metadata':{'name':'nat'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'NatGateway','metadata':{'name':'nat'},'spec':{
              'subnetId':'${Subnet/public}','allocationId':'${ElasticIp/nat}','connectivityType':'public'}}
            """;
    private static final String THROUGH_GATEWAY = "'gatewayId':'${InternetGateway/main}'";
    private static final String THROUGH_NAT = "'natGatewayId':'${NatGateway/nat}'";

    @Test
    void a_subnet_keeps_its_table_until_the_other_table_has_its_nat_gateway() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            world.desire(docs(NAT, table("one", THROUGH_GATEWAY), table("two", THROUGH_NAT, "a", "b")));
            world.runUntil(() -> world.writes().containsKey("ec2:CreateNatGateway"), LONG);
            world.run(LOOK);

            assertThat(world.status("NatGateway/nat")).isEqualTo(Status.Progressing);
            assertThat(tables(world)).isEqualTo(Map.of("a", "one", "b", "two"));
            assertThat(world.status("RouteTable/one")).as(world.describe()).isEqualTo(Status.Waiting);
            assertThat(world.resource("RouteTable/one").message()).contains("RouteTable/two");

            moves(world, Map.of("a", "two", "b", "two"));
            assertThat(world.writes()).containsEntry("ec2:ReplaceRouteTableAssociation", 1L);
        }
    }

    @Test
    void a_subnet_moves_before_its_former_table_is_deleted() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a", "b"))) {
            world.desire(docs(NAT, table("renamed", THROUGH_NAT, "a", "b")));

            moves(world, Map.of("a", "renamed", "b", "renamed"));

            assertThat(world.writes())
                    .containsEntry("ec2:ReplaceRouteTableAssociation", 2L)
                    .containsEntry("ec2:DeleteRouteTable", 1L);
        }
    }

    @Test
    void two_tables_exchange_their_subnets() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            world.desire(docs(table("one", THROUGH_GATEWAY, "b"), table("two", THROUGH_GATEWAY, "a")));

            moves(world, Map.of("a", "two", "b", "one"));

            assertThat(world.writes()).containsEntry("ec2:ReplaceRouteTableAssociation", 2L);
        }
    }

    @Test
    void a_subnet_that_somebody_moved_returns_in_one_call() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            Ec2Client ec2 = world.somebody(Ec2Client.class);
            String association = associations(ec2).stream()
                    .filter(a -> world.resource("Subnet/a").physicalId().equals(a.subnetId()))
                    .findFirst()
                    .orElseThrow()
                    .routeTableAssociationId();
            ec2.replaceRouteTableAssociation(r -> r.associationId(association)
                    .routeTableId(world.resource("RouteTable/two").physicalId()));

            moves(world, Map.of("a", "one", "b", "two"));

            assertThat(world.events("DriftRepaired")).isNotEmpty();
        }
    }

    @Test
    void a_subnet_that_no_other_table_takes_leaves_its_table_at_once() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            world.desire(docs(table("one", THROUGH_GATEWAY), table("two", THROUGH_GATEWAY, "b")))
                    .converged();

            assertThat(tables(world)).isEqualTo(Map.of("b", "two"));
            assertThat(world.writes()).containsEntry("ec2:DisassociateRouteTable", 1L);
        }
    }

    @Test
    void a_table_that_cannot_take_a_subnet_leaves_it_where_it_is() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("ec2:ReplaceRouteTableAssociation", new TwinFault.Deny())
                            .by(world.caller()));
            world.desire(docs(table("one", THROUGH_GATEWAY), table("two", THROUGH_GATEWAY, "a", "b")));
            world.run(LONG);

            assertThat(tables(world)).isEqualTo(Map.of("a", "one", "b", "two"));
            assertThat(world.status("RouteTable/two")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(world.resource("RouteTable/one").reason()).isEqualTo(Reason.DependencyNotReady);
        }
    }

    @Test
    void a_subnet_keeps_its_table_until_the_other_table_has_a_new_subnet_too() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            String fresh = "{'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'c'},'spec':{"
                    + "'vpcId':'${Vpc/main}','cidrBlock':'10.0.3.0/24','availabilityZone':'eu-west-2b'}}";
            world.desire(docs(fresh, table("one", THROUGH_GATEWAY), table("two", THROUGH_GATEWAY, "a", "b", "c")));

            moves(world, Map.of("a", "two", "b", "two", "c", "two"));
        }
    }

    @Test
    void a_table_that_is_unknown_leaves_a_subnet_where_it_is() {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            AtomicBoolean breaks = new AtomicBoolean(true);
            BrokenKind broken = new BrokenKind(
                    "RouteTable",
                    "approvals",
                    arguments -> breaks.get()
                            && arguments.getFirst() instanceof RouteTableKind.Spec wanted
                            && wanted.associations().size() == 2);
            world.withKinds(broken.catalog());
            world.desire(docs(table("one", THROUGH_GATEWAY), table("two", THROUGH_GATEWAY, "a", "b")));
            world.run(LONG);

            assertThat(broken.thrown()).isPositive();
            assertThat(world.status("RouteTable/two")).as(world.describe()).isEqualTo(Status.Unknown);
            assertThat(world.resource("RouteTable/one").reason()).isEqualTo(Reason.DependencyUnknown);
            assertThat(tables(world)).isEqualTo(Map.of("a", "one", "b", "two"));

            breaks.set(false);

            moves(world, Map.of("a", "two", "b", "two"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_process_that_ends_at_the_move_leaves_no_subnet_without_a_table(boolean takesEffect) {
        try (World world = running(table("one", THROUGH_GATEWAY, "a"), table("two", THROUGH_GATEWAY, "b"))) {
            String killed = world.caller();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("*", new TwinFault.CutAtWrite(1, takesEffect))
                            .by(killed)
                            .ofApp("holdfast"));
            world.desire(docs(table("one", THROUGH_GATEWAY), table("two", THROUGH_GATEWAY, "a", "b")));
            world.runUntil(() -> world.twin.faults().isCutOff(killed), LONG);
            assertThat(world.twin.faults().isCutOff(killed)).isTrue();
            assertThat(tables(world)).containsKeys("a", "b");

            world.restart();

            moves(world, Map.of("a", "two", "b", "two"));
        }
    }

    private static World running(String... tables) {
        World world = new World().desire(docs(tables)).converged();
        assertThat(tables(world)).containsKeys("a", "b");
        return world;
    }

    private static String docs(String... more) {
        return Docs.of(NETWORK + "," + String.join(",", more));
    }

    private static String table(String name, String target, String... subnets) {
        String associations = String.join(
                ",",
                List.of(subnets).stream()
                        .map(s -> "{'subnetId':'${Subnet/" + s + "}'}")
                        .toList());
        return "{'apiVersion':'holdfast.dev/v1','kind':'RouteTable','metadata':{'name':'" + name
                + "'},'spec':{'vpcId':'${Vpc/main}','routes':[{'destinationCidrBlock':'0.0.0.0/0'," + target
                + "}],'associations':[" + associations + "]}}";
    }

    /** Runs until the stack has converged; both subnets have a table all the time, and no call takes one away. */
    private static void moves(World world, Map<String, String> end) {
        for (int looks = 0; looks < LONG.dividedBy(LOOK) && !GuardedService.isDone(world); looks++) {
            world.run(LOOK);
            assertThat(tables(world)).as(world::describe).containsKeys("a", "b");
        }
        world.converged();
        assertThat(tables(world)).isEqualTo(end);
        assertThat(world.writes()).doesNotContainKey("ec2:DisassociateRouteTable");
    }

    private static List<RouteTableAssociation> associations(Ec2Client ec2) {
        return ec2.describeRouteTablesPaginator().routeTables().stream()
                .map(RouteTable::associations)
                .flatMap(List::stream)
                .filter(a -> a.subnetId() != null)
                .toList();
    }

    /** By the name of a subnet, the name of its table. */
    private static Map<String, String> tables(World world) {
        Map<String, String> names = new TreeMap<>();
        world.view().resources().values().forEach(r -> names.put(String.valueOf(r.physicalId()), r.id().name()));
        Map<String, String> tables = new TreeMap<>();
        associations(world.somebody(Ec2Client.class))
                .forEach(a -> tables.put(
                        names.getOrDefault(a.subnetId(), a.subnetId()),
                        names.getOrDefault(a.routeTableId(), a.routeTableId())));
        return tables;
    }
}
