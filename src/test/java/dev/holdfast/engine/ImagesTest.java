package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Tags that are resolved to digests: the image that is registered, the effect of a moved tag, and the effect of a tag
 * that cannot be resolved.
 */
class ImagesTest {
    private static final String REPOSITORY = "skin-club-pro/api";
    private static final String HOST = "123456789012.dkr.ecr.eu-west-2.amazonaws.com/";
    private static final String TASKS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'pull'},'spec':{'assumeRolePolicyDocument':
          {'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},
          'Action':'sts:AssumeRole'}]}}},
         {'apiVersion':'holdfast.dev/v1','kind':'Repository','metadata':{'name':'api'},'spec':{'repositoryName':'team/api'}},
         %s,%s]
        """.formatted(task("one", "1"), task("two", "2"));

    private final World world = new World();
    private final EcrClient ecr = world.somebody(EcrClient.class);

    @AfterEach
    void close() {
        world.close();
    }

    private static String task(String name, String tag) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'%s'},'spec':{'cpu':'256',
             'memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'executionRoleArn':'${Role/pull}',
             'containerDefinitions':[{'name':'main','image':'${Repository/api.uri}:%s','imageResolution':'Digest'}]}}
            """.formatted(name, tag);
    }

    /** The smallest complete stack, whose service resolves the tag of its image. */
    private void service() {
        ecr.createRepository(r -> r.repositoryName(REPOSITORY));
        try {
            String app = Files.readString(Path.of("desired-state/minimal/app.json"));
            String image = "\"image\": \"public.ecr.aws/nginx/nginx:stable\"";
            String container = "\"container\": {";
            assertThat(app).contains(image, container);
            world.desireDirectory(Path.of("desired-state"), "minimal")
                    .file(
                            "minimal/app.json",
                            app.replace(image, "\"image\": \"" + HOST + REPOSITORY + ":1.0.0\"")
                                    .replace(container, container + " \"imageResolution\": \"Digest\","));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String push(String repository, String tag, String manifest) {
        return ecr.putImage(r -> r.repositoryName(repository).imageTag(tag).imageManifest(manifest))
                .image()
                .imageId()
                .imageDigest();
    }

    private String registeredImage(String resource) {
        String arn = world.resource(resource).physicalId();
        return world.somebody(EcsClient.class)
                .describeTaskDefinition(r -> r.taskDefinition(arn))
                .taskDefinition()
                .containerDefinitions()
                .getFirst()
                .image();
    }

    private long count(String operation) {
        return world.calls(operation);
    }

    private static Map<String, String> images(String digest) {
        return Map.of("hello", HOST + REPOSITORY + "@" + digest);
    }

    @Test
    void theDigestIsWhatIsRegisteredAndWhatTheStatusNames() {
        service();
        String digest = push(REPOSITORY, "1.0.0", "{\"v\":1}");

        world.converged();

        assertThat(registeredImage("TaskDefinition/hello")).isEqualTo(HOST + REPOSITORY + "@" + digest);
        assertThat(world.resource("TaskDefinition/hello").outputs()).containsEntry("images", images(digest));
        assertThat(world.resource("EcsService/hello").outputs()).containsEntry("images", images(digest));
    }

    @Test
    void aTagThatStaysCostsOneRequestAPassAndNoWrite() {
        service();
        push(REPOSITORY, "1.0.0", "{\"v\":1}");
        world.converged();

        PassReport pass = world.pass();

        assertThat(pass.writes()).isZero();
        assertThat(pass.requests()).containsEntry("ecr:DescribeImages", 1L);
    }

    @Test
    void aTagThatMovedRollsOutOnceAndIsNoDrift() {
        service();
        push(REPOSITORY, "1.0.0", "{\"v\":1}");
        world.converged();
        world.twin.log().reset();

        String digest = push(REPOSITORY, "1.0.0", "{\"v\":2}");
        world.converged();
        world.run(Duration.ofMinutes(3));

        assertThat(count("ecs:RegisterTaskDefinition")).isEqualTo(1);
        assertThat(count("ecs:UpdateService")).isEqualTo(1);
        assertThat(world.resource("EcsService/hello").outputs()).containsEntry("images", images(digest));
        assertThat(world.view().drift())
                .extracting(item -> item.resource().kind())
                .doesNotContain("TaskDefinition", "EcsService");
    }

    @Test
    void anImageThatIsNotThereIsWaitedForAndNamed() {
        service();

        world.run(Duration.ofMinutes(3));

        assertThat(world.status("TaskDefinition/hello")).isEqualTo(Status.Unknown);
        assertThat(world.resource("TaskDefinition/hello").reason()).hasToString("ImageNotResolved");
        assertThat(world.resource("TaskDefinition/hello").message())
                .contains("ImageNotFoundException", "imageTag:'1.0.0'", REPOSITORY);
        assertThat(world.status("EcsService/hello")).isEqualTo(Status.Waiting);
        assertThat(count("ecs:RegisterTaskDefinition")).isZero();

        push(REPOSITORY, "1.0.0", "{\"v\":1}");
        world.converged();
    }

    @Test
    void aTagThatCannotBeToldAnyMoreChangesNothing() {
        service();
        String digest = push(REPOSITORY, "1.0.0", "{\"v\":1}");
        world.converged();
        world.twin.faults().add("ecr:DescribeImages", new TwinFault.Deny());
        world.twin.log().reset();

        world.run(Duration.ofMinutes(3));
        assertThat(world.status("TaskDefinition/hello")).isEqualTo(Status.Unknown);
        assertThat(world.resource("TaskDefinition/hello").message()).contains("AccessDenied");
        world.twin.faults().clear();
        ecr.batchDeleteImage(r -> r.repositoryName(REPOSITORY).imageIds(i -> i.imageTag("1.0.0")));
        world.restart().run(Duration.ofMinutes(3));

        assertThat(world.resource("TaskDefinition/hello").message()).contains("ImageNotFoundException");
        assertThat(world.status("EcsService/hello")).isEqualTo(Status.Synced);
        assertThat(world.resource("EcsService/hello").outputs()).containsEntry("images", images(digest));
        assertThat(count("ecs:RegisterTaskDefinition")).isZero();
        assertThat(count("ecs:UpdateService")).isZero();
    }

    @Test
    void oneMissingTagLeavesTheOthersOfItsRepositoryAlone() {
        world.desire(TASKS);
        ecr.createRepository(r -> r.repositoryName("team/api")
                .tags(
                        t -> t.key("holdfast:stack").value("inst/test"),
                        t -> t.key("holdfast:resource").value("Repository/api")));
        String digest = push("team/api", "1", "{\"v\":1}");

        world.run(Duration.ofMinutes(3));

        assertThat(registeredImage("TaskDefinition/one")).isEqualTo(HOST + "team/api@" + digest);
        assertThat(world.status("TaskDefinition/one")).isEqualTo(Status.Synced);
        assertThat(world.status("TaskDefinition/two")).isEqualTo(Status.Unknown);
        push("team/api", "2", "{\"v\":1}");
        world.converged();
        assertThat(registeredImage("TaskDefinition/two")).isEqualTo(HOST + "team/api@" + digest);
        assertThat(world.pass().requests()).containsEntry("ecr:DescribeImages", 1L);
    }
}
