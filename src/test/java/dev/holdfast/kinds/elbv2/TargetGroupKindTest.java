package dev.holdfast.kinds.elbv2;

import static dev.holdfast.kinds.elbv2.LoadBalancerKindTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.elbv2.TargetGroupKind.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGroupKindTest {
    private static final String WHOLE = """
        {'name': 'api', 'protocol': 'HTTP', 'protocolVersion': 'HTTP1', 'port': 8080, 'vpcId': '{vpc}',
         'targetType': 'ip', 'ipAddressType': 'ipv4', 'healthCheckProtocol': 'HTTP', 'healthCheckPort': '8081',
         'healthCheckPath': '/health', 'healthCheckIntervalSeconds': 15, 'healthCheckTimeoutSeconds': 4,
         'healthyThresholdCount': 2, 'unhealthyThresholdCount': 3, 'matcher': {'httpCode': '200-299'},
         'targetGroupAttributes': {'deregistration_delay.timeout_seconds': '30'}, 'tags': {'Project': 'x'}}
        """;

    private final ElbWorld world = new ElbWorld();
    private final OneResource<Spec> api = world.targetGroup("api");

    private Spec spec(String json) {
        return api.desired(world.filled(json));
    }

    @Test
    void isAsDesiredOnceCreatedAndCompleted() {
        // Given
        world.elb.createTargetGroup(
                r -> r.name("another").protocol("HTTP").port(80).vpcId(world.vpc));
        world.settings.pageSize(1);
        Spec spec = spec(WHOLE);

        // When
        String arn = api.create(spec);
        api.converge(spec);

        // Then
        assertThat(api.diff(spec).changes()).isEmpty();
        assertThat(api.known(spec).outputs())
                .containsEntry("arn", arn)
                .containsEntry("name", "api")
                .containsEntry("loadBalancerArns", List.of())
                .hasEntrySatisfying("fullName", n -> assertThat(n.toString()).startsWith("targetgroup/api/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 'api', 'healthCheckProtocol': 'HTTPS'}",
                "{'name': 'api', 'healthCheckPort': 'traffic-port'}",
                "{'name': 'api', 'healthCheckPath': '/'}",
                "{'name': 'api', 'healthCheckIntervalSeconds': 60, 'healthCheckTimeoutSeconds': 59}",
                "{'name': 'api', 'healthyThresholdCount': 10, 'unhealthyThresholdCount': 2}",
                "{'name': 'api', 'matcher': {'httpCode': '200,302'}}",
                "{'name': 'api', 'targetGroupAttributes': {'slow_start.duration_seconds': '30', 'stickiness.enabled':"
                        + " 'true'}}",
                "{'name': 'api', 'tags': {'Project': 'y'}}"
            })
    void updatesEachFieldInOnePass(String changed) {
        api.updates(spec(WHOLE), spec(changed));
    }

    @Test
    void goesOnlyWhenNoListenerUsesIt() {
        // Given
        Spec spec = spec(WHOLE);
        String arn = api.create(spec);
        String lb = world.makeLoadBalancer("main");
        String listener = world.elb
                .createListener(r -> r.loadBalancerArn(lb)
                        .port(80)
                        .protocol("HTTP")
                        .defaultActions(a -> a.type("forward").targetGroupArn(arn)))
                .listeners()
                .getFirst()
                .listenerArn();
        assertThat(api.known(spec).outputs()).containsEntry("loadBalancerArns", List.of(lb));
        assertThatThrownBy(() -> api.delete(spec))
                .satisfies(e -> assertThat(code(e)).isEqualTo("ResourceInUse"));

        // When
        world.elb.deleteListener(r -> r.listenerArn(listener));
        api.delete(spec);

        // Then
        assertThat(api.observe(spec, arn, false)).isEmpty();
        assertThat(api.observe(spec, arn, true)).isEmpty();
        assertThat(api.observe(spec, null, true)).isEmpty();
    }

    @Test
    void isConfirmedByIdAndByName() {
        Spec spec = spec(WHOLE);
        String arn = api.create(spec);

        assertThat(api.observe(spec, arn, true)).hasSize(1);
        assertThat(api.observe(spec, null, true)).hasSize(1);
    }

    @Test
    void doesNotCompareWhatNobodyDeclared() {
        Spec spec = spec("{'name': 'api', 'protocol': 'HTTP', 'port': 80, 'vpcId': '{vpc}'}");

        api.create(spec);

        assertThat(api.diff(spec).changes()).isEmpty();
    }
}
