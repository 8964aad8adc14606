package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.store.CertificateUsers;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/**
 * The twin of Elastic Load Balancing v2, with the calls that the kinds need. The interfaces that it implements contain
 * its calls.
 */
public final class TwinElb
        implements ElasticLoadBalancingV2Client,
                TwinService,
                CertificateUsers,
                LoadBalancerCalls,
                TargetGroupCalls,
                ListenerCalls,
                ListenerRuleCalls {
    private final ElbState state;

    public TwinElb(TwinContext context) {
        this.state = new ElbState(context);
    }

    @Override
    public ElbState state() {
        return state;
    }

    /** Registers a target as ECS does for a task. A registered target does not change. */
    public void registerTarget(String targetGroupArn, String ip, int port) {
        state.targets.register(targetGroupArn, ip, port);
    }

    /** Starts to drain a target; a target that is not registered is ignored. */
    public void deregisterTarget(String targetGroupArn, String ip, int port) {
        state.targets.deregister(targetGroupArn, ip, port);
    }

    /** The state of a target; null if it is not registered or has been drained. */
    public @Nullable TargetHealthStateEnum targetState(String targetGroupArn, String ip, int port) {
        return state.targets.state(targetGroupArn, ip, port);
    }

    public boolean loadBalancerExists(String arn) {
        return state.balancers.has(arn);
    }

    /** The web ACLs by load balancer. The twin of WAF changes this map. */
    public Map<String, String> webAcls() {
        return state.webAcls;
    }

    public boolean targetGroupExists(String targetGroupArn) {
        return state.groups.has(targetGroupArn);
    }

    /**
     * Whether a listener or a rule forwards to the group. ECS refuses a service whose target group has no load balancer
     * yet.
     */
    public boolean attachedToLoadBalancer(String targetGroupArn) {
        return state.isUsed(targetGroupArn);
    }

    /** The load balancers whose listeners use the certificate. */
    @Override
    public Collection<String> usersOf(String certificateArn) {
        return state.listeners.stream()
                .filter(l -> state.certificates.of(l.listenerArn()).contains(certificateArn)
                        || l.certificates().stream().anyMatch(c -> certificateArn.equals(c.certificateArn())))
                .map(Listener::loadBalancerArn)
                .distinct()
                .toList();
    }

    @Override
    public AddTagsResponse addTags(AddTagsRequest r) {
        r.resourceArns().forEach(arn -> state.of(arn).stored(arn));
        r.resourceArns().forEach(arn -> state.of(arn).tag(arn, TwinTags.in(r)));
        return AddTagsResponse.builder().build();
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest r) {
        r.resourceArns().forEach(arn -> state.of(arn).stored(arn));
        r.resourceArns().forEach(arn -> state.of(arn).untag(arn, r.tagKeys()));
        return RemoveTagsResponse.builder().build();
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest r) {
        if (r.resourceArns().isEmpty() || r.resourceArns().size() > 20) {
            throw ElbState.invalid("The number of resources must be between 1 and 20");
        }
        List<TagDescription> described = r.resourceArns().stream()
                .map(arn -> TwinTags.show(
                                state.of(arn).stored(arn).tags(),
                                TagDescription.builder().resourceArn(arn))
                        .build())
                .toList();
        return DescribeTagsResponse.builder().tagDescriptions(described).build();
    }

    @Override
    public List<TwinItem> inventory() {
        return state.items();
    }
}
