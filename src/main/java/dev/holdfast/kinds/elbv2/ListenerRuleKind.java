package dev.holdfast.kinds.elbv2;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleTransform;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TransformTypeEnum;

/** A rule of a listener: it replaces the default actions for the requests that match. */
@Singleton
public final class ListenerRuleKind extends DeclaredKind<ListenerRuleKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html">CreateRule</a> */
    public record Spec(
            @Doc("The listener.") @Required @Immutable @Ref("Listener")
            String listenerArn,

            @Doc("The priority, 1 to 50000, unique in the listener; the lowest number is evaluated first.")
            @Required
            @Range(min = 1, max = 50000)
            Integer priority,

            @Doc("The conditions, all of which must hold.") @Required
            Set<RuleCondition> conditions,

            @Doc("The actions on the request.") @Required List<ListenerAction> actions,

            @Doc("The transforms of the request before a target receives it: at most one of each type.") @Key("type")
            List<Transform> transforms,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html">Transforms</a> */
    @OneOf({"hostHeaderRewriteConfig", "urlRewriteConfig"})
    public record Transform(
            @Doc("The type of the transform.") @Required TransformTypeEnum type,

            @Doc("The rewrite of the host header.") @OnlyWith(field = "type", value = "host-header-rewrite")
            Rewrites hostHeaderRewriteConfig,

            @Doc("The rewrite of the path and the query.") @OnlyWith(field = "type", value = "url-rewrite")
            Rewrites urlRewriteConfig) {}

    public record Rewrites(
            @Doc("The rewrites; AWS accepts one.") @Required List<Rewrite> rewrites) {}

    public record Rewrite(
            @Doc("The regular expression that the text must match.") @Required
            String regex,

            @Doc("The new text, in which $1 stands for the first group.") @Required
            String replace) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ListenerRule", Spec.class, ElasticLoadBalancingV2Client.class)
                .description("A rule of a listener: it replaces the default actions for the requests that match.")
                .finds(ListenerRuleKind::rules)
                .id(Rule::ruleArn)
                .place(ListenerRuleKind::onPriority)
                .tags(Elb.tagging("listener-rule"))
                .reads(Spec::listenerArn, rule -> Elb.listenerOf(rule.ruleArn()))
                .reads(Spec::priority, rule -> Integer.valueOf(rule.priority()))
                .creates(CreateRuleRequest::builder, ElasticLoadBalancingV2Client::createRule)
                .changes(ModifyRuleRequest::builder, ListenerRuleKind::modify)
                .updates(ListenerRuleKind::changePriorities, Spec::priority)
                .deletes((elb, arn) -> elb.deleteRule(r -> r.ruleArn(arn)))
                .output("arn", "The rule's ARN.", Rule::ruleArn)
                .info(info -> info.together(Spec::listenerArn).hangsAt("Listener", Spec::listenerArn))
                // Another rule of the stack may leave this priority in the same pass.
                .fault("PriorityInUse", CONFLICT)
                .fault("ListenerNotFound", DEPENDENCY)
                .fault("TargetGroupNotFound", DEPENDENCY)
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:listener-rule/*")
                        .createsIn(
                                "elasticloadbalancing:{region}:{account}:listener/*",
                                "elasticloadbalancing:CreateRule"))
                .page("https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html");
    }

    private static List<Rule> rules(Scope<?> scope, ElasticLoadBalancingV2Client elb) {
        Set<String> listeners = Listings.parents(scope, Spec.class, Spec::listenerArn, Elb::listenerOf, () -> {
            List<String> arns = new ArrayList<>();
            Listings.inParallel(scope, Elb.ownLoadBalancers(scope, elb), lb -> Elb.listeners(elb, lb))
                    .forEach(listener -> arns.add(listener.listenerArn()));
            scope.tagged("elasticloadbalancing:listener-rule").keySet().forEach(arn -> arns.add(Elb.listenerOf(arn)));
            return arns;
        });
        return Listings.inParallel(scope, listeners, arn -> rules(elb, arn));
    }

    /** The rules without the default rule, which belongs to the listener; none if the listener does not exist. */
    private static List<Rule> rules(ElasticLoadBalancingV2Client elb, String listenerArn) {
        return Absent.or(
                List.of(),
                ListenerNotFoundException.class,
                () -> elb.describeRulesPaginator(r -> r.listenerArn(listenerArn).pageSize(Elb.PAGE)).rules().stream()
                        .filter(rule -> !Boolean.TRUE.equals(rule.isDefault()))
                        .toList());
    }

    /** A listener has one rule per priority. */
    private static boolean onPriority(Spec desired, Rule rule) {
        return String.valueOf(desired.priority()).equals(rule.priority())
                && Values.matches(desired.listenerArn(), Elb.listenerOf(rule.ruleArn()));
    }

    /** AWS takes an empty list as no change: the flag resetTransforms removes the transforms. */
    private static void modify(ElasticLoadBalancingV2Client elb, ModifyRuleRequest request) {
        boolean none = request.hasTransforms() && request.transforms().isEmpty();
        elb.modifyRule(
                none
                        ? request.copy(r ->
                                r.transforms((Collection<RuleTransform>) null).resetTransforms(true))
                        : request);
    }

    /** One call moves all rules of the listener that change, so that two rules can exchange their priorities. */
    private static void changePriorities(ElasticLoadBalancingV2Client elb, Change<Spec> change) {
        List<RulePriorityPair> moved = change.together(Spec::priority).stream()
                .map(c -> RulePriorityPair.builder()
                        .ruleArn(c.physicalId())
                        .priority(c.spec().priority())
                        .build())
                .toList();
        if (!moved.isEmpty()) {
            elb.setRulePriorities(r -> r.rulePriorities(moved));
        }
    }

    /**
     * A target group serves only one load balancer, so that the old rule must be deleted first.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/22005">TargetGroupAssociationLimit</a>
     */
    @Override
    public boolean mustGoFirst(Spec desired, Spec observed) {
        return desired.listenerArn() != null
                && observed.listenerArn() != null
                && !Unresolved.is(desired.listenerArn())
                && !Elb.loadBalancerOf(desired.listenerArn()).equals(Elb.loadBalancerOf(observed.listenerArn()))
                && ListenerAction.share(desired.actions(), observed.actions());
    }
}
