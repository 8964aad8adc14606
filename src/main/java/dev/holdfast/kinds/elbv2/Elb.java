package dev.holdfast.kinds.elbv2;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;

/** What the kinds of load balancing have in common: tags, and the lists of the parents that children are listed by. */
final class Elb {
    /** As many as DescribeTags takes. */
    private static final int TAGS_OF = 20;
    /** The largest page of every list. */
    static final int PAGE = 400;

    private Elb() {}

    /** @param type as ARNs write it: {@code loadbalancer}, {@code targetgroup}, {@code listener}, {@code listener-rule} */
    static Tagging<ElasticLoadBalancingV2Client> tagging(String type) {
        return Tagging.batched(
                TAGS_OF,
                "elasticloadbalancing:" + type,
                (elb, arns) -> elb.describeTags(r -> r.resourceArns(arns)).tagDescriptions().stream()
                        .collect(Collectors.toMap(TagDescription::resourceArn, d -> SdkShapes.map(d.tags()))),
                (elb, arn, tags) -> elb.addTags(r -> r.resourceArns(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                (elb, arn, keys) -> elb.removeTags(r -> r.resourceArns(arn).tagKeys(keys)));
    }

    /** The load balancers of this stack by ARN, for what is listed by load balancer. */
    static List<String> ownLoadBalancers(Scope<?> scope, ElasticLoadBalancingV2Client elb) {
        List<String> arns = elb.describeLoadBalancersPaginator(r -> r.pageSize(PAGE)).loadBalancers().stream()
                .map(LoadBalancer::loadBalancerArn)
                .toList();
        return Listings.inBatches(
                        scope,
                        arns,
                        TAGS_OF,
                        batch -> elb.describeTags(r -> r.resourceArns(batch)).tagDescriptions())
                .stream()
                .filter(d ->
                        scope.stack().owner().equals(SdkShapes.map(d.tags()).get(StackRef.STACK_TAG)))
                .map(TagDescription::resourceArn)
                .toList();
    }

    /** The listeners of one load balancer; none if it is gone. */
    static List<Listener> listeners(ElasticLoadBalancingV2Client elb, String loadBalancerArn) {
        return Absent.or(
                List.of(),
                LoadBalancerNotFoundException.class,
                () ->
                        elb
                                .describeListenersPaginator(
                                        r -> r.loadBalancerArn(loadBalancerArn).pageSize(PAGE))
                                .listeners()
                                .stream()
                                .toList());
    }

    /** A listener's ARN is its load balancer's, with its own id behind. */
    static String loadBalancerOf(String listenerArn) {
        return listenerArn.substring(0, listenerArn.lastIndexOf('/')).replace(":listener/", ":loadbalancer/");
    }

    /** A rule does not say its listener, but its ARN is the listener's, with its own id behind. */
    static String listenerOf(String ruleArn) {
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
    }
}
