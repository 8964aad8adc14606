package dev.holdfast.kinds.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.ecs.EcsServiceKind.Spec;
import dev.holdfast.model.Health;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.model.EcsException;

/** The facts of a service on the status page, and the requests that they cost. */
class ServiceFactsTest {
    private final EcsWorld world = new EcsWorld();
    private final OneResource<Spec> service =
            new OneResource<>(new EcsServiceKind(), world.clients, "EcsService/api", "api");
    private final String good = world.taskDefinition("nginx:1");
    private final String bad = world.taskDefinition("nginx:bad");

    ServiceFactsTest() {
        world.ecs.createCluster(r -> r.clusterName("main"));
        world.pass(Duration.ofMinutes(1));
    }

    private Spec desired(String definition) {
        return service.desired("""
            {'serviceName': 'api', 'cluster': 'main', 'taskDefinition': '%s', 'desiredCount': 2, 'launchType': 'FARGATE',
             'networkConfiguration': {'awsvpcConfiguration': {'subnets': ['%s'], 'securityGroups': ['%s']}},
             'loadBalancers': [{'targetGroupArn': '%s', 'containerName': 'api', 'containerPort': 8080}]}
            """.formatted(definition, world.subnetA, world.group, world.targetGroup));
    }

    @Test
    void ofASteadyServiceItTellsWhatRuns() {
        Spec spec = desired(good);
        service.create(spec);
        world.settle();

        Map<String, String> facts = service.known(spec).facts();

        assertThat(facts)
                .containsEntry("Tasks", "2 of 2 running")
                .containsEntry("Rollout", "completed")
                .containsEntry("Image", "nginx:1")
                .containsEntry("Revision", "api:1")
                .doesNotContainKeys("Target health", "Stopped tasks", "Last event");
        assertThat(facts.keySet().iterator().next()).isEqualTo("Tasks");
    }

    @Test
    void ofARolloutThatFailsItTellsWhyTasksStopAndHowTheTargetsAre() {
        Spec spec = desired(good);
        service.create(spec);
        world.settle();
        Spec changed = desired(bad);
        service.converge(changed);
        for (int i = 0; i < 20 && !service.known(changed).facts().containsKey("Stopped tasks"); i++) {
            world.pass(Duration.ofSeconds(10));
        }

        Map<String, String> facts = service.known(changed).facts();

        assertThat(facts.get("Rollout"))
                .startsWith("in progress: 0 of 2 tasks of api:2 run")
                .contains("2 tasks of api:1 still run");
        assertThat(facts.get("Stopped tasks")).contains("× ", "nginx:bad");
        assertThat(facts.get("Target health")).startsWith("2 of 2 healthy");
        assertThat(facts).containsKey("Last event");
    }

    /** The role of an upgraded operator may lack a permission: no other fact may be lost. */
    @Test
    void aFactThatCannotBeReadSaysSoAndNothingElseIsLost() {
        Known<Spec> known = Known.of(Identity.of("arn"), desired(good)).fact("Tasks", "2 of 2 running");

        Known<Spec> told = known.factRead("Target health", () -> {
            throw EcsException.builder()
                    .message("no")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("AccessDeniedException")
                            .errorMessage("not authorized to perform: ecs:DescribeTasks")
                            .build())
                    .statusCode(403)
                    .build();
        });

        assertThat(told.facts())
                .containsEntry("Tasks", "2 of 2 running")
                .containsEntry(
                        "Target health",
                        "cannot be read: AccessDeniedException: not authorized to perform: ecs:DescribeTasks");
        assertThat(told.health()).isEqualTo(Health.AVAILABLE);
    }
}
