package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * A revision ceases to name a role or a security group, and deletes or replaces it: the deletion waits until no task of
 * the former revision runs.
 */
class DeletedAccessTest {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration ROLLOUT = Duration.ofMinutes(15);

    private static String documents(String tag, String name) {
        return documents(tag, name, "/");
    }

    /** @param name the role and the group of the tasks; no other role and no other group is desired */
    private static String documents(String tag, String name, String path) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'%2$s'},'spec':{'vpcId':'${Vpc/main}',
              'description':'tasks','ingress':[]}},
            {'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'%2$s'},'spec':{'path':'%3$s',
              'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',
                'Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}]}}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'app'},'spec':{'cpu':'256',
              'memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'taskRoleArn':'${Role/%2$s.arn}',
              'containerDefinitions':[{'name':'main','image':'public.ecr.aws/x/app:%1$s'}]}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsService','metadata':{'name':'app'},'spec':{'cluster':'${EcsCluster/main}',
              'taskDefinition':'${TaskDefinition/app}','launchType':'FARGATE','desiredCount':1,
              'deploymentConfiguration':{'deploymentCircuitBreaker':{'enable':true,'rollback':true}},
              'networkConfiguration':{'awsvpcConfiguration':{'subnets':['${Subnet/a}'],'securityGroups':['${SecurityGroup/%2$s}']}}}}
            """.formatted(tag, name, path));
    }

    private static World running() {
        return new World().desire(documents("1", "old"), Docs.UNLIMITED).converged();
    }

    /** The ARNs of the roles of the tasks that run. */
    private static Set<String> used(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        return RunningTasks.all(world).stream()
                .map(t -> ecs.describeTaskDefinition(r -> r.taskDefinition(t.taskDefinitionArn()))
                        .taskDefinition()
                        .taskRoleArn())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> existing(World world) {
        return world.somebody(IamClient.class).listRoles().roles().stream()
                .filter(r -> !r.path().startsWith("/aws-service-role/"))
                .map(Role::arn)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isDone(World world) {
        return world.view().converged()
                && world.desired()
                        .sha256()
                        .equals(Objects.requireNonNull(world.view().revision()));
    }

    private static void until(World world, Duration time) {
        Instant last = world.clock.instant().plus(time);
        world.run(LOOK);
        while (!isDone(world) && world.clock.instant().isBefore(last)) {
            assertThat(existing(world)).as(world::describe).containsAll(used(world));
            if (world.resource("EcsService/app").reason() == Reason.RollingOut) {
                assertThat(deletions(world, "ec2:DeleteSecurityGroup"))
                        .as("AWS would refuse the deletion")
                        .isZero();
            }
            world.run(LOOK);
        }
    }

    private static void rollingOut(World world) {
        world.runUntil(() -> world.resource("EcsService/app").reason() == Reason.RollingOut, ROLLOUT);
        assertThat(world.resource("EcsService/app").reason()).isEqualTo(Reason.RollingOut);
    }

    private static long deletions(World world, String operation) {
        return world.twin.log().writes().stream()
                .filter(r -> "holdfast".equals(r.app()))
                .map(LoggedRequest::operation)
                .filter(operation::equals)
                .count();
    }

    @Test
    void a_role_is_deleted_only_after_the_last_task_that_uses_it() {
        try (World world = running()) {
            world.desire(documents("2", "new"));

            until(world, ROLLOUT);

            world.converged();
            assertThat(existing(world)).hasSize(1);
            assertThat(deletions(world, "iam:DeleteRole")).isEqualTo(1);
        }
    }

    @Test
    void a_replaced_role_is_deleted_only_after_the_last_task_that_uses_it() {
        try (World world = running()) {
            world.desire(documents("1", "old", "/other/"));

            until(world, ROLLOUT);

            world.converged();
            assertThat(existing(world)).hasSize(1);
            assertThat(deletions(world, "iam:DeleteRole")).isEqualTo(1);
        }
    }

    @Test
    void a_restart_during_the_rollout_does_not_delete_the_role_of_a_running_task() {
        try (World world = running()) {
            world.desire(documents("2", "new"));
            rollingOut(world);

            world.restart();
            until(world, ROLLOUT);

            world.converged();
            assertThat(existing(world)).hasSize(1);
        }
    }

    @Test
    void a_role_that_a_revision_in_between_named_stays_for_its_tasks() {
        try (World world = running()) {
            world.desire(documents("2", "between"), Docs.UNLIMITED);
            rollingOut(world);

            world.desire(documents("3", "new"), Docs.UNLIMITED);
            until(world, ROLLOUT);

            world.converged();
            assertThat(existing(world)).hasSize(1);
        }
    }

    @Test
    void a_rollout_that_is_rolled_back_keeps_its_role_and_the_status_names_the_service() {
        try (World world = running()) {
            world.desire(documents("bad", "new"));

            until(world, Duration.ofMinutes(30));

            assertThat(world.status("EcsService/app")).isEqualTo(Status.Stalled);
            assertThat(existing(world)).as(world.describe()).hasSize(2).containsAll(used(world));
            for (String kept : new String[] {"Role/old", "SecurityGroup/old"}) {
                assertThat(world.status(kept)).as(world.describe()).isEqualTo(Status.Waiting);
                assertThat(world.resource(kept).message()).contains("EcsService/app");
            }
            assertThat(deletions(world, "ec2:DeleteSecurityGroup")).isZero();

            world.desire(documents("1", "old")).converged();
            assertThat(existing(world)).hasSize(1).containsAll(used(world));
        }
    }
}
