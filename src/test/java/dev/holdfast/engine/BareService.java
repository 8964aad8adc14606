package dev.holdfast.engine;

/** A service of one task without a load balancer; ECS rolls a failed rollout back: {@code EcsService/app}. */
public final class BareService {
    private BareService() {}

    /**
     * @param tag the tag of the image: the twin cannot pull {@code bad}
     * @param maximumPercent the most tasks during a rollout, in percent; a change of it starts no rollout
     */
    public static String documents(String tag, int maximumPercent) {
        return """
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
              'deploymentConfiguration':{'maximumPercent':%d,'deploymentCircuitBreaker':{'enable':true,'rollback':true}},
              'networkConfiguration':{'awsvpcConfiguration':{'subnets':['${Subnet/a}'],'securityGroups':['${SecurityGroup/s}']}}}}]
            """.formatted(tag, maximumPercent);
    }
}
