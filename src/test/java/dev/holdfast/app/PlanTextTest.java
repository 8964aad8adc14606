package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a plan is put into text. */
class PlanTextTest {
    private static final String SERVICE = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
             {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},'spec':{'vpcId':'${Vpc/main}',
              'cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'s'},'spec':{'vpcId':'${Vpc/main}',
              'description':'tasks'}},
             {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
             {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'app'},'spec':{'cpu':'256',
              'memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],
              'containerDefinitions':[{'name':'main','image':'public.ecr.aws/nginx/nginx:%s'}]}},
             {'apiVersion':'holdfast.dev/v1','kind':'EcsService','metadata':{'name':'app'},'spec':{'cluster':'${EcsCluster/main}',
              'taskDefinition':'${TaskDefinition/app}','launchType':'FARGATE','desiredCount':1,
              'deploymentConfiguration':{'maximumPercent':%d,'deploymentCircuitBreaker':{'enable':true,'rollback':true}},'networkConfiguration':
              {'awsvpcConfiguration':{'subnets':['${Subnet/a}'],'securityGroups':['${SecurityGroup/s}']}}}}]
            """;

    private static String plan(World world, String tag, int percent) {
        world.desire(SERVICE.formatted(tag, percent)).restart().reconciler().plan();
        return PlanText.text(world.view(), false);
    }

    @Test
    void aHeldRolloutIsSaidUntilAStepEndsIt() {
        try (World world = new World()) {
            world.desire(SERVICE.formatted("stable", 200)).converged();
            world.desire(SERVICE.formatted("bad", 200)).run(Duration.ofMinutes(30));

            assertThat(plan(world, "bad", 200)).contains("! EcsService/app is stalled: RolloutHeld");
            // A step that starts no rollout does not end it.
            assertThat(plan(world, "bad", 150))
                    .contains("~ EcsService/app", "! EcsService/app is stalled: RolloutHeld");
            assertThat(plan(world, "stable", 200))
                    .contains(
                            "± TaskDefinition/app", "~ EcsService/app", "Plan: 0 to create, 1 to update, 1 to replace")
                    .doesNotContain("stalled");
        }
    }

    @Test
    void inModeObserveNothingWaitsForAPerson() {
        try (World world = new World()) {
            world.desire(
                            "[{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}}]",
                            "'mode':'Observe',")
                    .reconciler()
                    .plan();

            assertThat(PlanText.text(world.view(), false))
                    .endsWith("Plan: 1 to create, 0 to update, 0 to replace, 0 to delete;"
                            + " the mode is Observe: nothing is written.\n");
        }
    }
}
