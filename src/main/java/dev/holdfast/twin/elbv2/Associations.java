package dev.holdfast.twin.elbv2;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;

/** Which load balancer sends to which target group, by a listener or by a rule: of one group, one at most. */
final class Associations {
    private final LoadBalancers balancers;
    private final TargetGroups groups;
    private final Listeners listeners;
    private final Rules rules;

    Associations(LoadBalancers balancers, TargetGroups groups, Listeners listeners, Rules rules) {
        this.balancers = balancers;
        this.groups = groups;
        this.listeners = listeners;
        this.rules = rules;
    }

    /** The load balancers that send to it. */
    List<String> of(String targetGroupArn) {
        Stream<String> byListeners = listeners
                .all()
                .filter(l -> Actions.targetGroups(l.model().defaultActions()).anyMatch(targetGroupArn::equals))
                .map(l -> l.model().loadBalancerArn());
        Stream<String> byRules = rules.all()
                .filter(r -> Actions.targetGroups(r.model().actions()).anyMatch(targetGroupArn::equals))
                .map(r -> listeners.get(r.listenerArn()).model().loadBalancerArn());
        return Stream.concat(byListeners, byRules).distinct().toList();
    }

    boolean any(String targetGroupArn) {
        return !of(targetGroupArn).isEmpty();
    }

    /**
     * Refuses actions of this load balancer that send to a group that is not there, is in another VPC, or is another's.
     * @see <a href="https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1045">in a different VPC</a>
     */
    void check(List<Action> actions, String loadBalancerArn) {
        String vpc = balancers.get(loadBalancerArn).model().vpcId();
        Actions.targetGroups(actions).forEach(group -> {
            String groupsVpc = groups.get(group).model().vpcId();
            if (groupsVpc != null && !groupsVpc.equals(vpc)) {
                throw ElbErrors.refused(
                        "InvalidConfigurationRequest",
                        "Target group '" + group + "' is in a different VPC than load balancer '" + loadBalancerArn
                                + "'");
            }
            if (of(group).stream().anyMatch(lb -> !lb.equals(loadBalancerArn))) {
                throw ElbErrors.refused(
                        "TargetGroupAssociationLimit",
                        "The following target groups cannot be associated with more than one load balancer: " + group);
            }
        });
    }
}
