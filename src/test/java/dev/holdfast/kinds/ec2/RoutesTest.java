package dev.holdfast.kinds.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;

/** What AWS puts into a table is nobody's to take away: one propagated route revoked is a data centre cut off. */
class RoutesTest {
    private static final List<Route> TABLE = List.of(
            Route.builder()
                    .destinationCidrBlock("10.0.0.0/16")
                    .gatewayId("local")
                    .origin(RouteOrigin.CREATE_ROUTE_TABLE)
                    .build(),
            Route.builder()
                    .destinationCidrBlock("192.168.0.0/16")
                    .gatewayId("vgw-1")
                    .origin(RouteOrigin.ENABLE_VGW_ROUTE_PROPAGATION)
                    .state(RouteState.BLACKHOLE)
                    .build(),
            Route.builder()
                    .destinationPrefixListId("pl-s3")
                    .gatewayId("vpce-1")
                    .origin(RouteOrigin.CREATE_ROUTE)
                    .build(),
            Route.builder()
                    .destinationCidrBlock("172.16.0.0/12")
                    .gatewayId("vgw-1")
                    .origin(RouteOrigin.CREATE_ROUTE)
                    .build(),
            Route.builder()
                    .destinationCidrBlock("0.0.0.0/0")
                    .gatewayId("vpce-gwlb")
                    .origin(RouteOrigin.CREATE_ROUTE)
                    .build());

    @Test
    void localPropagatedAndGatewayEndpointsAreNotTheTables() {
        assertThat(Routes.observed(TABLE))
                .map(RouteTableKind.TableRoute::key)
                .containsExactly("172.16.0.0/12", "0.0.0.0/0");
    }

    @Test
    void aGatewayLoadBalancersEndpointIsATargetLikeAnyOther() {
        assertThat(Routes.observed(TABLE))
                .filteredOn(r -> r.key().equals("0.0.0.0/0"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.vpcEndpointId()).isEqualTo("vpce-gwlb");
                    assertThat(r.gatewayId()).isNull();
                });
    }

    @Test
    void aPropagatedRouteThatLeadsNowhereIsNotTheTablesFault() {
        assertThat(Routes.blackholes(TABLE)).isEmpty();
    }

    @Test
    void aRouteOfTheTableThatLeadsNowhereIsNamed() {
        Route gone = Route.builder()
                .destinationCidrBlock("10.9.0.0/16")
                .natGatewayId("nat-1")
                .origin(RouteOrigin.CREATE_ROUTE)
                .state(RouteState.BLACKHOLE)
                .build();

        assertThat(Routes.blackholes(List.of(TABLE.getFirst(), gone))).containsExactly("10.9.0.0/16");
    }
}
