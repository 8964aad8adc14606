package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;

/**
 * A version contains exactly the fields of its document: a field that the document no longer declares is missing in the
 * next version.
 */
class VersionsTest {
    private static String documents(String more) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'t'},'spec':{
              'cpu':'256','memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],
              'containerDefinitions':[{'name':'t','image':'public.ecr.aws/x/t:1'%s}]}}
            """.formatted(more));
    }

    private static ContainerDefinition container(World world) {
        return world.somebody(EcsClient.class)
                .describeTaskDefinition(
                        r -> r.taskDefinition(world.resource("TaskDefinition/t").physicalId()))
                .taskDefinition()
                .containerDefinitions()
                .getFirst();
    }

    @Test
    void aFieldThatIsNoLongerSaidIsNotInTheNextVersion() {
        try (World world = new World()) {
            world.desire(documents(",'healthCheck':{'command':['CMD','true']},'stopTimeout':30"))
                    .converged();
            String first = world.resource("TaskDefinition/t").physicalId();
            assertThat(container(world).healthCheck()).isNotNull();

            world.desire(documents("")).converged();

            assertThat(world.resource("TaskDefinition/t").physicalId()).isNotEqualTo(first);
            assertThat(container(world).healthCheck()).isNull();
            assertThat(container(world).stopTimeout()).isNull();
            String second = world.resource("TaskDefinition/t").physicalId();
            world.pass();
            assertThat(world.converged().resource("TaskDefinition/t").physicalId())
                    .isEqualTo(second);
        }
    }
}
