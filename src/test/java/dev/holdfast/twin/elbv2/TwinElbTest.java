package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

class TwinElbTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2025-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final InProcess clients = new InProcess(new TwinAccount("123456789012", clock, settings, 1), "eu-west-2");
    private final TwinElb elb = clients.twin().service("eu-west-2", TwinElb.class);
    private final Ec2Client ec2 = clients.client(Ec2Client.class);
    private final String vpc =
            ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
    private final List<String> subnets = List.of(subnet("a", 0), subnet("b", 1), subnet("c", 2), subnet("a", 3));

    private String subnet(String zone, int third) {
        return ec2.createSubnet(
                        r -> r.vpcId(vpc).cidrBlock("10.0." + third + ".0/24").availabilityZone("eu-west-2" + zone))
                .subnet()
                .subnetId();
    }

    private String loadBalancer() {
        return elb.createLoadBalancer(r -> r.name("main").subnets(subnets.subList(0, 2)))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
    }

    private String targetGroup(String name) {
        return elb.createTargetGroup(
                        r -> r.name(name).protocol("HTTP").port(80).vpcId(vpc).targetType("ip"))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }

    /** Terraform sends unset members as empty texts. */
    @Test
    void takesAnEmptyMemberAsOneThatIsAbsent() {
        TargetGroup made = elb.createTargetGroup(r -> r.name("empty")
                        .protocol("HTTP")
                        .protocolVersion("")
                        .port(80)
                        .vpcId(vpc)
                        .targetType("ip")
                        .healthCheckPort("")
                        .healthCheckPath(""))
                .targetGroups()
                .getFirst();

        assertThat(made.protocolVersion()).isEqualTo("HTTP1");
        assertThat(made.healthCheckPort()).isEqualTo("traffic-port");
        assertThat(made.healthCheckPath()).isEqualTo("/");
    }

    @Test
    void dropsThePathOfAHealthCheckThatBecomesTcp() {
        String group = elb.createTargetGroup(r -> r.name("net")
                        .protocol("TCP")
                        .port(80)
                        .vpcId(vpc)
                        .targetType("ip")
                        .healthCheckProtocol("HTTP")
                        .healthCheckPath("/health"))
                .targetGroups()
                .getFirst()
                .targetGroupArn();

        TargetGroup changed = elb.modifyTargetGroup(r -> r.targetGroupArn(group).healthCheckProtocol("TCP"))
                .targetGroups()
                .getFirst();

        assertThat(changed.healthCheckPath()).isNull();
        assertThat(changed.matcher()).isNull();
        assertThatThrownBy(
                        () -> elb.modifyTargetGroup(r -> r.targetGroupArn(group).healthCheckPath("/again")))
                .hasMessageContaining("TCP");
    }

    private String listener(String lb, String group) {
        return elb.createListener(
                        r -> r.loadBalancerArn(lb).port(80).protocol("HTTP").defaultActions(forward(group)))
                .listeners()
                .getFirst()
                .listenerArn();
    }

    private String rule(String listener, String group, int priority) {
        return elb.createRule(r -> r.listenerArn(listener)
                        .priority(priority)
                        .conditions(c -> c.field("path-pattern").values("/" + priority))
                        .actions(forward(group)))
                .rules()
                .getFirst()
                .ruleArn();
    }

    private static Action forward(String group) {
        return Action.builder().type("forward").targetGroupArn(group).build();
    }

    private List<NetworkInterface> interfaces() {
        return ec2.describeNetworkInterfaces().networkInterfaces();
    }

    @Test
    void aTargetBecomesHealthyThenDrainsThenIsGone() {
        // Given
        String group = targetGroup("api");
        elb.registerTarget(group, "10.0.0.9", 8080);
        assertThat(elb.targetState(group, "10.0.0.9", 8080)).isEqualTo(TargetHealthStateEnum.UNUSED);
        assertThat(elb.attachedToLoadBalancer(group)).isFalse();
        listener(loadBalancer(), group);
        assertThat(elb.attachedToLoadBalancer(group)).isTrue();
        assertThat(elb.targetState(group, "10.0.0.9", 8080)).isEqualTo(TargetHealthStateEnum.INITIAL);

        // When
        clock.advance(settings.delay(Delay.TARGET_HEALTHY));

        // Then
        assertThat(elb.targetState(group, "10.0.0.9", 8080)).isEqualTo(TargetHealthStateEnum.HEALTHY);
        elb.deregisterTarget(group, "10.0.0.9", 8080);
        assertThat(elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions())
                .singleElement()
                .satisfies(h -> assertThat(h.targetHealth().state()).isEqualTo(TargetHealthStateEnum.DRAINING));
        clock.advance(Duration.ofMinutes(5));
        assertThat(elb.targetState(group, "10.0.0.9", 8080)).isNull();
        assertThat(elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions())
                .isEmpty();
    }

    @Test
    void drainingTakesAsLongAsTheGroupSaysAtTheTwinsSpeed() {
        // Given
        String group = targetGroup("api");
        settings.speed(10);
        elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(group)
                .attributes(a -> a.key("deregistration_delay.timeout_seconds").value("60")));
        elb.registerTarget(group, "10.0.0.9", 8080);
        elb.deregisterTarget(group, "10.0.0.9", 8080);

        // When
        clock.advance(Duration.ofSeconds(6));

        // Then
        assertThat(elb.targetState(group, "10.0.0.9", 8080)).isNull();
    }

    @Test
    void aForwardIsAnsweredInBothItsForms() {
        String group = targetGroup("api");
        String lb = loadBalancer();
        listener(lb, group);

        assertThat(elb.describeListeners(r -> r.loadBalancerArn(lb))
                        .listeners()
                        .getFirst()
                        .defaultActions())
                .singleElement()
                .satisfies(a -> {
                    assertThat(a.targetGroupArn()).isEqualTo(group);
                    assertThat(a.forwardConfig().targetGroups().getFirst().weight())
                            .isEqualTo(1);
                });
    }

    @Test
    void oneMissingNameHidesAllTheOthers() {
        loadBalancer();
        targetGroup("api");

        assertThatThrownBy(() -> elb.describeLoadBalancers(r -> r.names("main", "none")))
                .isInstanceOf(LoadBalancerNotFoundException.class);
        refused(400, "LoadBalancerNotFound", () -> elb.describeLoadBalancers(r -> r.names("none")));
        assertThatThrownBy(() -> elb.describeTargetGroups(r -> r.names("api", "none")))
                .isInstanceOf(TargetGroupNotFoundException.class);
        refused(400, "TargetGroupNotFound", () -> elb.describeTargetGroups(r -> r.names("none")));
        refused(400, "ListenerNotFound", () -> elb.deleteListener(r -> r.listenerArn("none")));
        refused(400, "RuleNotFound", () -> elb.deleteRule(r -> r.ruleArn("none")));
    }

    @Test
    void aTagCallTakesTwentyThings() {
        String arn = loadBalancer();

        refused(400, "ValidationError", () -> elb.describeTags(r -> r.resourceArns(Collections.nCopies(21, arn))));
        assertThat(elb.describeTags(r -> r.resourceArns(Collections.nCopies(20, arn)))
                        .tagDescriptions())
                .hasSize(20);
    }

    @Test
    void prioritiesAreExchangedAtOnceOrNotAtAll() {
        // Given
        String group = targetGroup("api");
        String listener = listener(loadBalancer(), group);
        String first = rule(listener, group, 1);
        String second = rule(listener, group, 2);
        refused(400, "PriorityInUse", () -> rule(listener, group, 2));
        refused(400, "PriorityInUse", () -> elb.setRulePriorities(r -> r.rulePriorities(pair(first, 2))));

        // When
        elb.setRulePriorities(r -> r.rulePriorities(pair(first, 2), pair(second, 1)));

        // Then
        assertThat(elb.describeRules(r -> r.listenerArn(listener)).rules())
                .extracting(r -> r.priority() + (r.ruleArn().equals(first) ? " first" : ""))
                .containsExactly("1", "2 first", "default");
    }

    private static RulePriorityPair pair(String rule, int priority) {
        return RulePriorityPair.builder().ruleArn(rule).priority(priority).build();
    }

    @Test
    void interfacesFollowTheSubnets() {
        // Given
        String lb = loadBalancer();
        assertThat(interfaces())
                .hasSize(2)
                .allSatisfy(i -> assertThat(i.description()).startsWith("ELB app/main/"));

        // When
        elb.setSubnets(r -> r.loadBalancerArn(lb).subnets(subnets.subList(1, 3)));
        clock.advance(settings.delay(Delay.NETWORK_INTERFACE_DELETE));

        // Then
        assertThat(interfaces())
                .extracting(NetworkInterface::subnetId)
                .containsExactlyInAnyOrder(subnets.get(1), subnets.get(2));
    }

    @Test
    void oneZoneTakesOneSubnet() {
        refused(
                400,
                "InvalidConfigurationRequest",
                () -> elb.createLoadBalancer(
                        r -> r.name("main").subnets(subnets.get(0), subnets.get(1), subnets.get(3))));
        assertThat(interfaces()).isEmpty();
    }

    @Test
    void anAttributeThatIsNoneIsRefused() {
        String lb = loadBalancer();
        String group = targetGroup("api");

        refused(
                400,
                "ValidationError",
                () -> elb.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(lb)
                        .attributes(a -> a.key("idle_timeout").value("1"))));
        refused(
                400,
                "ValidationError",
                () -> elb.modifyTargetGroupAttributes(
                        r -> r.targetGroupArn(group).attributes(a -> a.key("x").value("1"))));
    }

    @Test
    void aSecureListenerNeedsACertificateAndGetsAPolicy() {
        String lb = loadBalancer();
        String group = targetGroup("api");

        refused(
                400,
                "ValidationError",
                () -> elb.createListener(
                        r -> r.loadBalancerArn(lb).port(443).protocol("HTTPS").defaultActions(forward(group))));
        assertThat(elb.createListener(r -> r.loadBalancerArn(lb)
                                .port(443)
                                .protocol("HTTPS")
                                .certificates(c -> c.certificateArn("arn:aws:acm:eu-west-2:123456789012:certificate/1"))
                                .defaultActions(forward(group)))
                        .listeners()
                        .getFirst()
                        .sslPolicy())
                .startsWith("ELBSecurityPolicy-");
    }

    @Test
    void whatIsNewIsSeenLate() {
        settings.delay(Delay.VISIBLE, Duration.ofSeconds(5));
        loadBalancer();
        assertThat(elb.describeLoadBalancers().loadBalancers()).isEmpty();

        clock.advance(Duration.ofSeconds(5));

        assertThat(elb.describeLoadBalancers().loadBalancers()).hasSize(1);
    }
}
