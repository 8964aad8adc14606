package dev.holdfast.twin.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.iam.IamClient;

/** Tasks fail to start without the resources that they need, and the service reports the reason. */
class FailingTasksTest extends EcsFixture {
    @Test
    void failsTasksWhoseLogGroupIsNotThereUntilItIs() {
        cluster();
        CloudWatchLogsClient logs = world.clients.client(CloudWatchLogsClient.class);
        logs.deleteLogGroup(r -> r.logGroupName("/api"));
        service(world.taskDefinition("nginx"), r -> r.deploymentConfiguration(d -> d.maximumPercent(200)));
        world.settle();
        assertThat(stopped())
                .contains("TaskFailedToStart ResourceInitializationError")
                .contains("The specified log group does not exist");
        assertThat(said()).contains("unable to consistently start tasks");

        logs.createLogGroup(r -> r.logGroupName("/api"));
        world.settle();

        assertThat(look().runningCount()).isEqualTo(2);
    }

    @Test
    void failsTasksWhoseRoleMayNotWriteLogs() {
        cluster();
        world.clients
                .client(IamClient.class)
                .detachRolePolicy(r -> r.roleName("execution")
                        .policyArn("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
        world.pass(Duration.ofMinutes(1));

        service(world.taskDefinition("nginx"), r -> {});
        world.settle();

        assertThat(stopped()).contains("AccessDeniedException").contains("logs:CreateLogStream");
    }

    /** A registry token alone allows no pull: the role needs the permissions on the repository. */
    @Test
    void failsTasksWhoseRoleMayNotPullTheImageOfOneOfTheirContainers() {
        cluster();
        IamClient iam = world.clients.client(IamClient.class);
        iam.detachRolePolicy(r -> r.roleName("execution")
                .policyArn("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
        iam.putRolePolicy(r -> r.roleName("execution").policyName("one").policyDocument("""
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Action":["logs:*","ecr:GetAuthorizationToken"],"Resource":"*"},
                  {"Effect":"Allow","Action":"ecr:*","Resource":"arn:aws:ecr:eu-west-2:123456789012:repository/api"}]}
                """));
        world.pass(Duration.ofMinutes(1));
        String host = "123456789012.dkr.ecr.eu-west-2.amazonaws.com";
        String two = world.taskDefinition(
                "nginx",
                r -> r.containerDefinitions(
                        c -> c.name("api").image(host + "/api:1").portMappings(p -> p.containerPort(8080)),
                        c -> c.name("agent").image(host + "/tools/agent:2")));

        service(two, r -> {});
        world.settle();

        assertThat(stopped())
                .contains("CannotPullContainerError")
                .contains("tools/agent:2: pulling from host " + host)
                .contains("[manifests 2]: 403 Forbidden");
    }

    @Test
    void failsTasksWithoutRoleOrSecret() {
        cluster();
        String secret = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:none-AbCdEf";
        String lacking = world.taskDefinition(
                "nginx",
                r -> r.containerDefinitions(c -> c.name("api")
                        .image("nginx")
                        .portMappings(p -> p.containerPort(8080))
                        .secrets(Secret.builder()
                                .name("P")
                                .valueFrom(secret + ":password::")
                                .build())));
        service(lacking, r -> {});
        world.settle();
        assertThat(stopped()).contains("failed to fetch secret " + secret + " from secrets manager");

        String roleless = world.taskDefinition("nginx", r -> r.executionRoleArn("arn:aws:iam::123456789012:role/none"));
        world.ecs.updateService(r -> r.cluster("main").service("api").taskDefinition(roleless));
        world.settle();

        assertThat(said()).contains("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/none'");
    }
}
