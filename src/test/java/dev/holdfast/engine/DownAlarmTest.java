package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** The alarm that a service is down does not go off during the creation of the service. */
class DownAlarmTest {
    private static final Duration CREATION = Duration.ofMinutes(30);
    private static final String DOCUMENTS = Docs.of("""
        {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
          'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public','private']}},
        {'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'main'},'spec':{}},
        {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
        {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'api'},
          'spec':{'image':'public.ecr.aws/x/api:1','paths':['/api/*'],'priority':1,'scaling':false}}
        """);

    private static boolean watched(World world) {
        return world.somebody(CloudWatchClient.class).describeAlarms().metricAlarms().stream()
                .anyMatch(a -> "HealthyHostCount".equals(a.metricName()));
    }

    private static boolean healthy(World world) {
        var elb = world.somebody(ElasticLoadBalancingV2Client.class);
        return elb.describeTargetGroups().targetGroups().stream()
                .map(TargetGroup::targetGroupArn)
                .flatMap(g -> elb.describeTargetHealth(r -> r.targetGroupArn(g)).targetHealthDescriptions().stream())
                .anyMatch(t -> t.targetHealth().state() == TargetHealthStateEnum.HEALTHY);
    }

    @Test
    void itIsMadeWhenSomebodyIsHealthy() {
        try (World world = new World().desire(DOCUMENTS)) {
            int unhealthy = 0;
            Instant end = world.clock.instant().plus(CREATION);

            while (world.clock.instant().isBefore(end)
                    && !world.run(Duration.ofSeconds(10)).view().converged()) {
                boolean healthy = healthy(world);
                unhealthy += healthy ? 0 : 1;
                assertThat(healthy || !watched(world))
                        .as("at %s", world.clock.instant())
                        .isTrue();
            }

            assertThat(world.view().converged()).isTrue();
            assertThat(unhealthy).isPositive();
            assertThat(watched(world)).isTrue();
        }
    }
}
