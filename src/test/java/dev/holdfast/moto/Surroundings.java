package dev.holdfast.moto;

import dev.holdfast.aws.Clients;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.rds.RdsClient;

/** The resources that a case needs, created outside Holdfast. Their ids replace the names in braces. */
final class Surroundings {
    private final Map<String, String> ids = new LinkedHashMap<>();

    Surroundings(Clients clients) {
        Ec2Client ec2 = clients.client(Ec2Client.class);
        String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        ids.put("vpc", vpc);
        ids.put("lonely", ec2.createVpc(r -> r.cidrBlock("10.8.0.0/16")).vpc().vpcId());
        for (int i = 0; i < 3; i++) {
            String zone = "abc".substring(i, i + 1);
            String block = "10.0." + i + ".0/24";
            ids.put(
                    zone,
                    ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock(block).availabilityZone(Moto.REGION + zone))
                            .subnet()
                            .subnetId());
        }
        for (String name : new String[] {"one", "two"}) {
            ids.put(
                    name,
                    ec2.createSecurityGroup(r -> r.vpcId(vpc).groupName(name).description(name))
                            .groupId());
        }
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        ids.put("gateway", gateway);
        ids.put("table", ec2.createRouteTable(r -> r.vpcId(vpc)).routeTable().routeTableId());
        ids.put("address", ec2.allocateAddress(r -> {}).allocationId());
        ids.put(
                "policy",
                clients.client(IamClient.class)
                        .createPolicy(
                                r -> r.policyName("theirs")
                                        .policyDocument(
                                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"))
                        .policy()
                        .arn());
        ElasticLoadBalancingV2Client elb = clients.client(ElasticLoadBalancingV2Client.class);
        String balancer = elb.createLoadBalancer(r -> r.name("theirs").subnets(ids.get("a"), ids.get("b")))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
        clients.client(RdsClient.class)
                .createDBSubnetGroup(r -> r.dbSubnetGroupName("around")
                        .dbSubnetGroupDescription("d")
                        .subnetIds(ids.get("a"), ids.get("b")));
        ids.put("subnetGroup", "around");
        ids.put("balancer", balancer);
        for (String name : new String[] {"red", "blue"}) {
            ids.put(
                    name,
                    elb.createTargetGroup(r -> r.name(name)
                                    .protocol(ProtocolEnum.HTTP)
                                    .port(80)
                                    .vpcId(vpc)
                                    .targetType(TargetTypeEnum.IP))
                            .targetGroups()
                            .getFirst()
                            .targetGroupArn());
        }
        ids.put(
                "listener",
                elb.createListener(r -> r.loadBalancerArn(balancer)
                                .port(80)
                                .protocol(ProtocolEnum.HTTP)
                                .defaultActions(a -> a.type("forward").targetGroupArn(ids.get("red"))))
                        .listeners()
                        .getFirst()
                        .listenerArn());
    }

    String fill(String json) {
        String filled = json;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            filled = filled.replace("{" + id.getKey() + "}", id.getValue());
        }
        return filled;
    }
}
