package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * The container of a service gets another port, and the service serves all the time: old tasks on the old port, new
 * tasks on the new one.
 */
class PortChangedTest {
    private static final Duration ROLLOUT = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static String documents(int port) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public','private'],'containerPorts':[8080,9090]}},
            {'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'api'},
              'spec':{'image':'public.ecr.aws/x/api:1','port':%d,'paths':['/api/*'],'priority':1,
                      'scaling':false,'alarms':false}}
            """.formatted(port));
    }

    private static boolean serves(World world) {
        var elb = world.somebody(ElasticLoadBalancingV2Client.class);
        String group = world.resource("TargetGroup/api").physicalId();
        return elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions().stream()
                .map(TargetHealthDescription::targetHealth)
                .anyMatch(h -> h.state() == TargetHealthStateEnum.HEALTHY);
    }

    @Test
    void itIsNeverWithoutATarget() {
        try (World world = new World()) {
            // Given
            world.desire(documents(8080)).converged();
            world.run(Duration.ofMinutes(2));
            assertThat(serves(world)).isTrue();
            String group = world.resource("TargetGroup/api").physicalId();

            // When
            world.desire(documents(9090));

            // Then
            var end = world.clock.instant().plus(ROLLOUT);
            while (world.clock.instant().isBefore(end)
                    && !(world.run(LOOK).view().converged())) {
                assertThat(serves(world)).as("at %s", world.clock.instant()).isTrue();
            }
            world.converged();
            assertThat(world.resource("TargetGroup/api").physicalId()).isEqualTo(group);
            assertThat(world.somebody(ElasticLoadBalancingV2Client.class)
                            .describeTargetHealth(r -> r.targetGroupArn(group))
                            .targetHealthDescriptions())
                    .filteredOn(t -> t.targetHealth().state() == TargetHealthStateEnum.HEALTHY)
                    .isNotEmpty()
                    .allSatisfy(t -> assertThat(t.target().port()).isEqualTo(9090));
        }
    }
}
