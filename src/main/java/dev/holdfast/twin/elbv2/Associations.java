package dev.holdfast.twin.elbv2;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;

/** Which load balancer sends to which target group, by a listener or by a rule: of one group, one at most. */
final class Associations {
    private final TargetGroups groups;
    private final Listeners listeners;
    private final Rules rules;

    Associations(TargetGroups groups, Listeners listeners, Rules rules) {
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

    /** Refuses actions of this load balancer that send to a group that is not there, or is another's. */
    void check(List<Action> actions, String loadBalancerArn) {
        Actions.targetGroups(actions).forEach(group -> {
            groups.get(group);
            if (of(group).stream().anyMatch(lb -> !lb.equals(loadBalancerArn))) {
                throw ElbErrors.refused(
                        "TargetGroupAssociationLimit",
                        "The following target groups cannot be associated with more than one load balancer: " + group);
            }
        });
    }
}
