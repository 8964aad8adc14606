package dev.holdfast.kinds.elbv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TestScope;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.elbv2.LoadBalancerKind.Spec;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

class LoadBalancerKindTest {
    private static final String WHOLE = """
        {'name': 'main', 'type': 'application', 'scheme': 'internet-facing', 'subnets': ['{b}', '{a}'],
         'securityGroups': ['{one}'], 'ipAddressType': 'ipv4',
         'loadBalancerAttributes': {'idle_timeout.timeout_seconds': '120'}, 'tags': {'Project': 'x'}}
        """;

    private final ElbWorld world = new ElbWorld();
    private final OneResource<Spec> main = world.loadBalancer("main");

    private Spec spec(String json) {
        return main.desired(world.filled(json));
    }

    @Test
    void isAsDesiredOnceCreatedAndCompleted() {
        // Given
        world.settings.pageSize(1);
        Spec spec = spec(WHOLE);

        // When
        String arn = main.create(spec);
        main.converge(spec);

        // Then
        assertThat(main.diff(spec).changes()).isEmpty();
        assertThat(main.known(spec).identity().physicalId()).isEqualTo(arn);
        assertThat(main.known(spec).outputs())
                .containsEntry("arn", arn)
                .containsEntry("name", "main")
                .hasEntrySatisfying("fullName", n -> assertThat(n.toString()).startsWith("app/main/"))
                .hasEntrySatisfying("dnsName", n -> assertThat(n.toString()).endsWith(".eu-west-2.elb.amazonaws.com"))
                .containsEntry("canonicalHostedZoneId", "ZHURV8PSTC4K8");
    }

    @Test
    void isBeingCreatedUntilItIsProvisioned() {
        Spec spec = spec(WHOLE);
        main.create(spec);
        assertThat(main.known(spec).phase()).isEqualTo(Phase.Creating);

        world.clock.advance(Duration.ofMinutes(2));

        assertThat(main.known(spec).phase()).isEqualTo(Phase.Steady);
        assertThat(main.known(spec).health()).isEqualTo(Health.AVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 'main', 'subnets': ['{c}', '{a}']}",
                "{'name': 'main', 'subnets': ['{a}', '{b}', '{c}'], 'ipAddressType': 'dualstack'}",
                "{'name': 'main', 'ipAddressType': 'dualstack'}",
                "{'name': 'main', 'securityGroups': ['{two}', '{one}']}",
                "{'name': 'main', 'loadBalancerAttributes': {'deletion_protection.enabled': 'true'}}",
                "{'name': 'main', 'tags': {'Project': 'y', 'Owner': 'z'}}"
            })
    void updatesEachFieldInOnePass(String changed) {
        main.updates(spec(WHOLE), spec(changed));
    }

    @Test
    void holdsItsSubnetsForAWhileAfterItIsGone() {
        // Given
        Spec spec = spec(WHOLE);
        String arn = main.create(spec);

        // When
        main.delete(spec);

        // Then
        assertThat(main.observe(spec, arn, false)).isEmpty();
        assertThat(main.observe(spec, arn, true)).isEmpty();
        assertThatThrownBy(() -> world.ec2.deleteSubnet(r -> r.subnetId(world.subnetA)))
                .isInstanceOf(AwsServiceException.class)
                .satisfies(e -> assertThat(code(e)).isEqualTo("DependencyViolation"));
        world.clock.advance(Duration.ofSeconds(30));
        world.ec2.deleteSubnet(r -> r.subnetId(world.subnetA));
    }

    @Test
    void staysWhileItIsProtected() {
        Spec spec = spec("{'name': 'main', 'subnets': ['{a}', '{b}'],"
                + " 'loadBalancerAttributes': {'deletion_protection.enabled': 'true'}}");
        main.create(spec);
        main.converge(spec);

        assertThatThrownBy(() -> main.delete(spec))
                .satisfies(e -> assertThat(code(e)).isEqualTo("OperationNotPermitted"));
    }

    @Test
    void seesAStrangerOfItsNameButNoOther() {
        // Given
        world.elb.createLoadBalancer(r -> r.name("main").subnets(world.subnetA, world.subnetB));
        world.elb.createLoadBalancer(r -> r.name("other").subnets(world.subnetA, world.subnetB));

        // When
        List<Observation<Spec>> seen = main.observe(spec(WHOLE), null, false);

        // Then
        assertThat(seen).singleElement().satisfies(o -> {
            Known<Spec> known = (Known<Spec>) o;
            assertThat(known.identity().name()).isEqualTo("main");
            assertThat(known.identity().tags()).isEmpty();
        });
    }

    @Test
    void findsAnOrphanInASweepOnly() {
        // Given
        main.create(spec(WHOLE));
        StackRef stack = new StackRef("test", "dev", "123456789012", "eu-west-2");
        Wanted<Spec> other = new Wanted<>(ResourceId.parse("LoadBalancer/other"), null, null, "other");

        // When, Then
        LoadBalancerKind kind = new LoadBalancerKind();
        assertThat(kind.observe(new TestScope<>(world.clients, stack, List.of(), true, false)))
                .hasSize(1);
        assertThat(kind.observe(new TestScope<>(world.clients, stack, List.of(other), false, false)))
                .isEmpty();
        assertThat(kind.observe(new TestScope<>(world.clients, stack, List.of(), false, false)))
                .isEmpty();
    }

    @Test
    void isRefusedWhereAwsRefusesIt() {
        assertThatThrownBy(() -> main.create(spec("{'name': 'main', 'subnets': ['{a}']}")))
                .hasMessageContaining("At least two subnets in two different Availability Zones must be specified")
                .satisfies(e -> assertThat(code(e)).isEqualTo("ValidationError"));
        assertThatThrownBy(() -> main.create(spec("{'name': 'main', 'subnets': ['{a}', 'subnet-none']}")))
                .satisfies(e -> assertThat(code(e)).isEqualTo("SubnetNotFound"));
        assertThatThrownBy(() ->
                        main.create(spec("{'name': 'main', 'subnets': ['{a}', '{b}'], 'securityGroups': ['sg-none']}")))
                .satisfies(e -> assertThat(code(e)).isEqualTo("InvalidSecurityGroup"));
    }

    @Test
    void theSameCreateAgainAnswersWithWhatIsThereAndAnotherIsRefused() {
        String arn = main.create(spec(WHOLE));

        assertThat(main.create(spec(WHOLE))).isEqualTo(arn);
        assertThatThrownBy(() -> main.create(spec(WHOLE.replace("internet-facing", "internal"))))
                .satisfies(e -> assertThat(code(e)).isEqualTo("DuplicateLoadBalancerName"));
    }

    static String code(Throwable e) {
        return ((AwsServiceException) e).awsErrorDetails().errorCode();
    }
}
