package dev.holdfast.kinds.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.PartialAnswerException;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;

/** The routes that AWS did not create, and the answers that count as partial. */
class RoutesTest {
    private static Route.Builder route() {
        return Route.builder().destinationCidrBlock("10.9.0.0/16").state(RouteState.ACTIVE);
    }

    private static List<String> observed(Route.Builder route) {
        return Routes.keys(Routes.observed(List.of(route.build())));
    }

    @Test
    void aTargetThatNoDocumentCanNameIsARouteOfSomebody() {
        assertThat(observed(route().carrierGatewayId("cagw-1"))).containsExactly("10.9.0.0/16");
        assertThat(observed(route().localGatewayId("lgw-1"))).containsExactly("10.9.0.0/16");
        assertThat(observed(route().coreNetworkArn("arn:aws:networkmanager::1:core-network/1")))
                .containsExactly("10.9.0.0/16");
    }

    @Test
    void theTargetOfABlackholeMayBeGone() {
        assertThat(observed(route().state(RouteState.BLACKHOLE))).containsExactly("10.9.0.0/16");
    }

    @Test
    void aRouteThatLeadsNowhereIsAPartialAnswer() {
        assertThatThrownBy(() -> observed(route()))
                .isInstanceOf(PartialAnswerException.class)
                .hasMessageContaining("10.9.0.0/16");
        assertThatThrownBy(() -> observed(Route.builder().natGatewayId("nat-1")))
                .isInstanceOf(PartialAnswerException.class);
    }
}
