package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmokeTest {
    @Test
    void fewKinds() {
        try (World world = new World()) {
            world.desire("""
                [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16','enableDnsSupport':true,'enableDnsHostnames':true}},
                 {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'api'},'spec':{'retentionInDays':30}},
                 {'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'task'},'spec':{'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}]},
                  'policies':[{'policyName':'logs','policyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'logs:PutLogEvents','Resource':'${LogGroup/api.arn}'}]}}]}},
                 {'apiVersion':'holdfast.dev/v1','kind':'Alarm','metadata':{'name':'cpu'},'spec':{'namespace':'AWS/ECS','metricName':'CPUUtilization','statistic':'Average','period':60,'evaluationPeriods':3,'threshold':80,'comparisonOperator':'GreaterThanThreshold'}}]
                """).converged();
            System.out.println(world.describe());
            PassReport p = world.pass();
            System.out.println(p);
            assertThat(p.writes()).isZero();
        }
    }
}
