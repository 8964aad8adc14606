package dev.holdfast.kinds.elbv2;

import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Target groups that a test creates by hand. */
public final class TargetGroups {
    private TargetGroups() {}

    /**
     * Creates a target group for the tasks of a service, which answer HTTP on port 8080.
     *
     * @return the ARN
     */
    public static String create(ElasticLoadBalancingV2Client elb, String vpc, String name) {
        return elb.createTargetGroup(r -> r.name(name)
                        .vpcId(vpc)
                        .port(8080)
                        .protocol(ProtocolEnum.HTTP)
                        .targetType(TargetTypeEnum.IP))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }
}
