package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The document stays unchanged and its tag points to another image: this is another desired value. */
class ReleasedByDigestTest {
    private static final String DOCUMENTS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'pull'},'spec':{'assumeRolePolicyDocument':
          {'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},
          'Action':'sts:AssumeRole'}]}}},
         {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'one'},'spec':{'cpu':'256',
          'memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'executionRoleArn':'${Role/pull}',
          'containerDefinitions':[{'name':'main','readonlyRootFilesystem':true,
            'image':'123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/api:1','imageResolution':'Digest'}]}}]
        """;

    private static String push(World world, String manifest) {
        return world.somebody(EcrClient.class)
                .putImage(r -> r.repositoryName("team/api").imageTag("1").imageManifest(manifest))
                .image()
                .imageId()
                .imageDigest();
    }

    private static long registered(World world) {
        return world.calls("ecs:RegisterTaskDefinition");
    }

    private static String image(World world) {
        return world.somebody(EcsClient.class)
                .describeTaskDefinition(r ->
                        r.taskDefinition(world.resource("TaskDefinition/one").physicalId()))
                .taskDefinition()
                .containerDefinitions()
                .getFirst()
                .image();
    }

    /** The answers of AWS lack a field, so that no new version is ever as desired; later they contain the field. */
    @Test
    void aTaskDefinitionThatNeverConvergesIsTriedAgain() {
        AtomicBoolean drops = new AtomicBoolean(true);
        UnaryOperator<String> dropping = answer -> !drops.get()
                ? answer
                : answer.replace("\"readonlyRootFilesystem\":true,", "")
                        .replace(",\"readonlyRootFilesystem\":true", "");
        try (World world = new World().answeredThrough(dropping)) {
            // Given
            world.somebody(EcrClient.class).createRepository(r -> r.repositoryName("team/api"));
            push(world, "{\"v\":1}");
            world.desire(DOCUMENTS, Docs.UNLIMITED).run(Duration.ofMinutes(10));
            assertThat(world.status("TaskDefinition/one")).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(world.resource("TaskDefinition/one").reason()).isEqualTo(Reason.NeverConverges);
            long before = registered(world);
            world.run(Duration.ofMinutes(5));
            assertThat(registered(world)).isEqualTo(before);

            // When
            AtomicReference<String> digest = new AtomicReference<>(push(world, "{\"v\":2}"));
            world.run(Duration.ofMinutes(5));

            // Then
            assertThat(registered(world)).as(world.describe()).isGreaterThan(before);
            assertThat(image(world)).endsWith("@" + digest.get());
            drops.set(false);
            digest.set(push(world, "{\"v\":3}"));
            world.converged();
            assertThat(image(world)).endsWith("@" + digest.get());
        }
    }
}
