package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * A target group serves one load balancer only: it has to be removed from the first before it is added to another,
 * which needs an approval.
 */
class LoadBalancerReplacedTest {
    private static final Duration SOON = Duration.ofMinutes(10);

    private static final String BASE = """
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public'],'gatewayEndpoints':[]}},
            {'apiVersion':'holdfast.dev/v1','kind':'TargetGroup','metadata':{'name':'api'},
              'spec':{'protocol':'HTTP','port':8080,'vpcId':'${Network/main.vpcId}','targetType':'ip'}}
            """;

    private static final String SECOND = """
            {'apiVersion':'holdfast.dev/v1','kind':'Listener','metadata':{'name':'second'},
              'spec':{'loadBalancerArn':'${Ingress/main.loadBalancerArn}','port':8080,'protocol':'HTTP',
                      'defaultActions':[{'type':'fixed-response','fixedResponseConfig':{'statusCode':'404'}}]}}
            """;

    private static String rule(String listener) {
        return Docs.of(BASE, ingress("main"), ingress("other"), SECOND, """
            {'apiVersion':'holdfast.dev/v1','kind':'ListenerRule','metadata':{'name':'api'},
              'spec':{'listenerArn':'%s','priority':1,
                      'conditions':[{'field':'path-pattern','values':['/api/*']}],
                      'actions':[{'type':'forward','targetGroupArn':'${TargetGroup/api}'}]}}
            """.formatted(listener));
    }

    private static String ingress(String name) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'" + name + "'},'spec':{}}";
    }

    private static String listener(String scheme) {
        return Docs.of(BASE, """
            {'apiVersion':'holdfast.dev/v1','kind':'LoadBalancer','metadata':{'name':'lb'},
              'spec':{'scheme':'%s','subnets':'${Network/main.publicSubnetIds}'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Listener','metadata':{'name':'http'},
              'spec':{'loadBalancerArn':'${LoadBalancer/lb}','port':80,'protocol':'HTTP',
                      'defaultActions':[{'type':'forward','targetGroupArn':'${TargetGroup/api}'}]}}
            """.formatted(scheme));
    }

    private static Step replacement(World world, String resource) {
        return world.view().plan().steps().stream()
                .filter(s ->
                        s.action() == Action.Replace && s.resource().toString().equals(resource))
                .findFirst()
                .orElseThrow(() -> new AssertionError(world.describe()));
    }

    private static String served(World world) {
        return world.somebody(ElasticLoadBalancingV2Client.class)
                .describeTargetGroups()
                .targetGroups()
                .getFirst()
                .loadBalancerArns()
                .getFirst();
    }

    @Test
    void aRuleThatGoesToAnotherLoadBalancerWantsAnApproval() {
        try (World world = new World()) {
            // Given
            world.desire(rule("${Ingress/main.listenerArn}")).converged();
            String before = world.resource("ListenerRule/api").physicalId();
            world.desire(rule("${Ingress/other.listenerArn}"));
            world.run(SOON);
            assertThat(world.status("ListenerRule/api")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("ListenerRule/api").physicalId()).isEqualTo(before);
            List<String> done = new ArrayList<>();
            world.twin.faults().afterWrite(request -> done.add(request.operation()));

            // When
            world.approve(replacement(world, "ListenerRule/api").hash());
            world.converged();

            // Then
            assertThat(done).containsExactly("elasticloadbalancing:DeleteRule", "elasticloadbalancing:CreateRule");
            assertThat(served(world))
                    .isEqualTo(world.resource("LoadBalancer/other").physicalId());
        }
    }

    @Test
    void aRuleThatGoesToAnotherListenerOfTheSameLoadBalancerIsMadeFirst() {
        try (World world = new World()) {
            // Given
            world.desire(rule("${Ingress/main.listenerArn}")).converged();
            List<String> done = new ArrayList<>();
            world.twin.faults().afterWrite(request -> done.add(request.operation()));

            // When
            world.desire(rule("${Listener/second}")).converged();

            // Then
            assertThat(done).containsExactly("elasticloadbalancing:CreateRule", "elasticloadbalancing:DeleteRule");
        }
    }

    @Test
    void aListenerOfAReplacedLoadBalancerTakesItsTargetGroupAlong() {
        try (World world = new World()) {
            // Given
            world.desire(listener("internet-facing"), "'limits':{'maxReplaces':10},")
                    .converged();
            world.desire(listener("internal"), "'limits':{'maxReplaces':10},");
            world.run(SOON);
            assertThat(world.status("Listener/http")).isEqualTo(Status.AwaitingApproval);

            // When
            world.approve(replacement(world, "Listener/http").hash());
            world.converged();

            // Then
            assertThat(world.somebody(ElasticLoadBalancingV2Client.class)
                            .describeLoadBalancers()
                            .loadBalancers())
                    .singleElement()
                    .satisfies(lb -> assertThat(lb.schemeAsString()).isEqualTo("internal"));
            assertThat(served(world))
                    .isEqualTo(world.resource("LoadBalancer/lb").physicalId());
        }
    }
}
