package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.iam.IamClient;

/** A stack with one service, whose security group and role give its tasks the access that tests withdraw. */
final class GuardedService {
    static final String GROUP = "SecurityGroup/tasks";
    static final String ROLE = "Role/task";
    static final Duration ROLLOUT = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private GuardedService() {}

    /**
     * A service whose tasks listen on the port, behind a group that admits the port, with a role that may read the
     * bucket.
     *
     * @param more further policies of the role, each with a comma before it
     */
    static String documents(String tag, int port, String bucket, String more, String managed) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'tasks'},'spec':{'vpcId':'${Vpc/main}',
              'description':'tasks','ingress':[
                {'protocol':'tcp','fromPort':%2$d,'toPort':%2$d,'cidrIpv4':'10.0.0.0/16'}]}},
            {'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'task'},'spec':{
              'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',
                'Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}]},
              'managedPolicyArns':[%5$s],
              'policies':[{'policyName':'data','policyDocument':{'Version':'2012-10-17','Statement':[
                {'Sid':'Read','Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::%3$s/*'}]}}%4$s]}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'app'},'spec':{'cpu':'256',
              'memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'taskRoleArn':'${Role/task.arn}',
              'containerDefinitions':[{'name':'main','image':'public.ecr.aws/x/app:%1$s',
                'portMappings':[{'containerPort':%2$d}],'environment':[{'name':'BUCKET','value':'%3$s'}]}]}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsService','metadata':{'name':'app'},'spec':{'cluster':'${EcsCluster/main}',
              'taskDefinition':'${TaskDefinition/app}','launchType':'FARGATE','desiredCount':1,
              'deploymentConfiguration':{'deploymentCircuitBreaker':{'enable':true,'rollback':true}},
              'networkConfiguration':{'awsvpcConfiguration':{'subnets':['${Subnet/a}'],'securityGroups':['${SecurityGroup/tasks}']}}}}
            """.formatted(tag, port, bucket, more, managed));
    }

    static String documents(String tag, int port) {
        return documents(tag, port, "data", "", "");
    }

    static World running() {
        return new World().desire(documents("1", 8080)).converged();
    }

    /** The ports that the group admits. */
    static Set<Integer> open(World world) {
        String id = world.resource(GROUP).physicalId();
        return world
                .somebody(Ec2Client.class)
                .describeSecurityGroups(r -> r.groupIds(id))
                .securityGroups()
                .getFirst()
                .ipPermissions()
                .stream()
                .map(IpPermission::fromPort)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The ports on which running tasks listen. */
    static Set<Integer> used(World world) {
        return RunningTasks.containers(world).stream()
                .map(container -> container.portMappings().getFirst().containerPort())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The text of all policies of the role. */
    static String policies(World world) {
        IamClient iam = world.somebody(IamClient.class);
        String name = world.resource(ROLE).physicalId();
        return iam.listRolePolicies(r -> r.roleName(name)).policyNames().stream()
                        .sorted()
                        .map(p -> java.net.URLDecoder.decode(
                                iam.getRolePolicy(r -> r.roleName(name).policyName(p))
                                        .policyDocument(),
                                java.nio.charset.StandardCharsets.UTF_8))
                        .collect(Collectors.joining("\n"))
                + iam.listAttachedRolePolicies(r -> r.roleName(name)).attachedPolicies();
    }

    static boolean isDone(World world) {
        return world.view().converged()
                && world.desired().sha256().equals(world.view().revision());
    }

    static void until(World world, BooleanSupplier end, Runnable invariant) {
        Instant last = world.clock.instant().plus(ROLLOUT);
        world.run(LOOK);
        while (!end.getAsBoolean() && world.clock.instant().isBefore(last)) {
            invariant.run();
            world.run(LOOK);
        }
        invariant.run();
    }

    /** Runs until the stack has converged; every port on which a task listens is open all the time. */
    static void converging(World world) {
        until(
                world,
                () -> isDone(world),
                () -> assertThat(open(world)).as(world::describe).containsAll(used(world)));
    }
}
