package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * An immutable field of a target group changes without an outage, by a second service and a change of the rules'
 * priorities.
 */
class SecondServiceTest {
    private static final Duration ROLLOUT = Duration.ofMinutes(4);
    private static final Duration LOOK = Duration.ofSeconds(15);

    private static String documents(String... services) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public','private']}},
            {'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}}
            """, String.join(",", services));
    }

    private static String service(String name, String version, int priority) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'%s'},
              'spec':{'image':'public.ecr.aws/x/api:1','paths':['/api/*'],'priority':%d,'scaling':false,'alarms':false,
                      'overrides':{'TargetGroup':{'protocolVersion':'%s'}}}}
            """.formatted(name, priority, version);
    }

    /** The protocol version of the group to which requests are forwarded; empty if none of its targets is healthy. */
    private static String serves(World world) {
        var elb = world.somebody(ElasticLoadBalancingV2Client.class);
        String listener = world.resource("Listener/main-http").physicalId();
        Rule first = elb.describeRules(r -> r.listenerArn(listener)).rules().stream()
                .filter(r -> !r.isDefault())
                .min(Comparator.comparingInt(r -> Integer.parseInt(r.priority())))
                .orElseThrow();
        String group = first.actions().getFirst().targetGroupArn();
        boolean healthy = elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions().stream()
                .anyMatch(t -> t.targetHealth().state() == TargetHealthStateEnum.HEALTHY);
        return healthy
                ? elb.describeTargetGroups(r -> r.targetGroupArns(group))
                        .targetGroups()
                        .getFirst()
                        .protocolVersion()
                : "";
    }

    private static void servesAllTheTime(World world, String documents) {
        world.desire(documents);
        Instant end = world.clock.instant().plus(ROLLOUT);
        while (world.clock.instant().isBefore(end)) {
            world.run(LOOK);
            assertThat(serves(world)).as("at %s", world.clock.instant()).isNotEmpty();
        }
        assertThat(world.view().converged()).as(world.describe()).isTrue();
    }

    @Test
    void thereIsAlwaysATarget() {
        try (World world = new World()) {
            // Given
            world.desire(documents(service("api", "HTTP1", 20))).converged();
            world.run(Duration.ofMinutes(2));
            assertThat(serves(world)).isEqualTo("HTTP1");

            // When
            servesAllTheTime(world, documents(service("api", "HTTP1", 20), service("api-2", "HTTP2", 30)));
            servesAllTheTime(world, documents(service("api", "HTTP1", 20), service("api-2", "HTTP2", 10)));

            // Then
            assertThat(serves(world)).isEqualTo("HTTP2");
        }
    }
}
