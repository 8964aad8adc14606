package dev.holdfast.kind.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Key;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

class WireTest {
    record Rollout(Integer maximumPercent, Breaker deploymentCircuitBreaker) {}

    record Breaker(Boolean enable, Boolean rollback) {}

    record Target(String targetGroupArn, Integer containerPort) {}

    record ServiceSpec(
            Integer desiredCount,
            Rollout deploymentConfiguration,
            @Key("targetGroupArn") List<Target> loadBalancers) {}

    record Check(List<String> command, Integer interval) {
        Check {
            command = command == null ? List.of() : command;
            interval = interval == null ? Integer.valueOf(30) : interval;
        }
    }

    record ContainerSpec(
            String name,
            @EmptyIsNone Check healthCheck,
            @EmptyIsNone String user) {}

    private final Service there = Service.builder()
            .desiredCount(7)
            .deploymentConfiguration(d -> d.maximumPercent(200)
                    .bakeTimeInMinutes(5)
                    .deploymentCircuitBreaker(b -> b.enable(true).rollback(true).resetOnHealthyTask(true)))
            .loadBalancers(
                    l -> l.targetGroupArn("a").containerName("api").containerPort(80),
                    l -> l.targetGroupArn("b").containerName("api").containerPort(81))
            .build();

    @Test
    void aStructureKeepsWhatTheSpecDoesNotSayOfIt() {
        ServiceSpec spec = new ServiceSpec(null, new Rollout(null, new Breaker(true, false)), null);

        UpdateServiceRequest request = Wire.fill(UpdateServiceRequest.builder(), there, spec, component -> true, true)
                .build();

        assertThat(request.desiredCount()).isNull();
        assertThat(request.hasLoadBalancers()).isFalse();
        assertThat(request.deploymentConfiguration())
                .isEqualTo(there.deploymentConfiguration()
                        .copy(d -> d.deploymentCircuitBreaker(
                                b -> b.enable(true).rollback(false).resetOnHealthyTask(true))));
    }

    @Test
    void theElementsOfAListKeepItByTheirKey() {
        ServiceSpec spec = new ServiceSpec(null, null, List.of(new Target("b", 82), new Target("c", 83)));

        UpdateServiceRequest request = Wire.fill(UpdateServiceRequest.builder(), there, spec, component -> true, true)
                .build();

        assertThat(request.loadBalancers())
                .extracting("targetGroupArn", "containerName", "containerPort")
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("b", "api", 82),
                        org.assertj.core.groups.Tuple.tuple("c", null, 83));
    }

    @Test
    void aRecordMadeOfNothingIsNotSentAndIsReadWhereAwsHasNone() {
        ContainerSpec spec = new ContainerSpec("api", new Check(null, null), "");

        ContainerDefinition sent =
                Wire.fill(ContainerDefinition.builder(), spec).build();

        assertThat(sent).isEqualTo(ContainerDefinition.builder().name("api").build());
        assertThat(Wire.read(ContainerSpec.class, sent)).isEqualTo(spec);
    }

    @Test
    void anEmptyValueClearsWhatIsThere() {
        ContainerDefinition old = ContainerDefinition.builder()
                .name("api")
                .user("root")
                .healthCheck(h -> h.command("CMD", "true"))
                .build();
        ContainerSpec spec = new ContainerSpec("api", new Check(null, null), "");

        ContainerDefinition sent =
                Wire.fill(old.toBuilder(), old, spec, component -> true, false).build();

        assertThat(sent).isEqualTo(ContainerDefinition.builder().name("api").build());
    }
}
