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

/** The tags and the lists of parents that all kinds of Elastic Load Balancing share. */
final class Elb {
    /** DescribeTags accepts this many resources. */
    private static final int TAGS_OF = 20;
    /** The maximum page size of every list. */
    static final int PAGE = 400;

    private Elb() {}

    /**
     * @param type the type in ARNs: {@code loadbalancer}, {@code targetgroup}, {@code listener}, {@code listener-rule}
     */
    static Tagging<ElasticLoadBalancingV2Client> tagging(String type) {
        return Tagging.batched(
                TAGS_OF,
                "elasticloadbalancing:" + type,
                (elb, arns) -> elb.describeTags(r -> r.resourceArns(arns)).tagDescriptions().stream()
                        .collect(Collectors.toMap(TagDescription::resourceArn, d -> SdkShapes.map(d.tags()))),
                (elb, arn, tags) -> elb.addTags(r -> r.resourceArns(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
                (elb, arn, keys) -> elb.removeTags(r -> r.resourceArns(arn).tagKeys(keys)));
    }

    /** The ARNs of the stack's load balancers, for children that AWS lists by load balancer. */
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

    /** The listeners of one load balancer; none if the load balancer does not exist. */
    static List<Listener> listeners(ElasticLoadBalancingV2Client elb, String loadBalancerArn) {
        return Absent.or(
                List.of(),
                LoadBalancerNotFoundException.class,
                () -> Listings.all(elb.describeListenersPaginator(
                                r -> r.loadBalancerArn(loadBalancerArn).pageSize(PAGE))
                        .listeners()));
    }

    /** The ARN of a listener is the load balancer's ARN followed by the listener's id. */
    static String loadBalancerOf(String listenerArn) {
        return listenerArn.substring(0, listenerArn.lastIndexOf('/')).replace(":listener/", ":loadbalancer/");
    }

    /**
     * AWS does not return the listener of a rule, but the rule's ARN is the listener's ARN followed by the rule's id.
     */
    static String listenerOf(String ruleArn) {
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
    }
}
