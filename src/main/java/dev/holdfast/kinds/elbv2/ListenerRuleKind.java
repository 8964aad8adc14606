package dev.holdfast.kinds.elbv2;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;

/** A rule of a listener: which requests go elsewhere than by default. */
@Singleton
public final class ListenerRuleKind implements Kind<ListenerRuleKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html">CreateRule</a> */
    public record Spec(
            @Doc("The listener.") @Required @Immutable @Ref("Listener") @Nullable
            String listenerArn,

            @Doc("The priority, 1 to 50000, once a listener; the lowest number is tried first.")
            @Required
            @Range(min = 1, max = 50000)
            @Nullable
            Integer priority,

            @Doc("The conditions, all of which must hold.") @Required @Nullable
            Set<RuleCondition> conditions,

            @Doc("What is done with the request.") @Required @Nullable
            List<ListenerAction> actions,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    /** A rule does not say whose it is; its ARN is its listener's, with its own id behind. */
    private static String listenerOf(String ruleArn) {
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("ListenerRule", Spec.class, OwnershipForm.TAG)
                .description("A rule of a listener: which requests go elsewhere than by default.")
                .output("arn", "The rule's ARN.")
                .page("https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html")
                .together(Spec::listenerArn)
                .leavesOut("Transforms", "rewriting hosts and paths is not managed here")
                // Another rule of ours may be on its way off this priority in the same pass.
                .fault(FaultRule.of("PriorityInUse", Fault.Category.CONFLICT))
                .fault(FaultRule.of("ListenerNotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("TargetGroupNotFound", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:listener-rule/*")
                        .lists(
                                "elasticloadbalancing:DescribeLoadBalancers",
                                "elasticloadbalancing:DescribeListeners",
                                "elasticloadbalancing:DescribeRules",
                                "elasticloadbalancing:DescribeTags")
                        .createsIn(
                                "elasticloadbalancing:{region}:{account}:listener/*", "elasticloadbalancing:CreateRule")
                        .tags("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
                        .changes("elasticloadbalancing:ModifyRule", "elasticloadbalancing:DeleteRule")
                        .touches(
                                "elasticloadbalancing:SetRulePriorities",
                                "elasticloadbalancing:{region}:{account}:listener-rule/*"))
                .build();
    }

    /**
     * A target group serves one load balancer only, so that the old one has to let go of it.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/22005">TargetGroupAssociationLimit</a>
     */
    @Override
    public boolean mustGoFirst(Spec desired, Spec observed) {
        return desired.listenerArn() != null
                && observed.listenerArn() != null
                && !Unresolved.is(desired.listenerArn())
                && !ListenerKind.loadBalancerOf(desired.listenerArn())
                        .equals(ListenerKind.loadBalancerOf(observed.listenerArn()))
                && ListenerAction.share(desired.actions(), observed.actions());
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        if (Elb.nothingToDo(scope)) {
            return List.of();
        }
        ElasticLoadBalancingV2Client elb = scope.client(ElasticLoadBalancingV2Client.class);
        List<Rule> all = scope.parallel(listeners(scope), arn -> rules(elb, arn)).stream()
                .flatMap(Collection::stream)
                .toList();
        Set<String> arns = Elb.recorded(scope);
        boolean byArn = scope.confirming() && !arns.isEmpty();
        Set<Place> places = byArn ? Set.of() : places(scope);
        List<Elb.Tagged<Rule>> ours = Elb.ours(
                scope,
                all,
                Rule::ruleArn,
                r -> arns.contains(r.ruleArn())
                        || places.contains(new Place(listenerOf(r.ruleArn()), r.priority()))
                        || places.contains(new Place(null, r.priority())));
        return scope.each(
                ours, f -> Elb.identity(f.thing().ruleArn(), f), (f, identity) -> observed(f.thing(), identity));
    }

    /** @param listenerArn null while it is not known */
    private record Place(@Nullable String listenerArn, String priority) {}

    private static Set<Place> places(Scope<Spec> scope) {
        return scope.wanted().stream()
                .map(Wanted::desired)
                .filter(Objects::nonNull)
                .map(d -> new Place(
                        Unresolved.is(d.listenerArn()) ? null : d.listenerArn(), String.valueOf(d.priority())))
                .collect(Collectors.toSet());
    }

    /** Rules are listed by listener: those that are desired or recorded, and when neither tells, all of ours. */
    private static Set<String> listeners(Scope<Spec> scope) {
        Set<String> arns = new LinkedHashSet<>();
        Elb.recorded(scope).forEach(arn -> arns.add(listenerOf(arn)));
        boolean unclear = scope.sweep();
        for (Wanted<Spec> wanted : scope.wanted()) {
            String listener = wanted.desired() == null ? null : wanted.desired().listenerArn();
            if (listener != null && !Unresolved.is(listener)) {
                arns.add(listener);
            } else {
                unclear |= wanted.physicalId() == null;
            }
        }
        if (unclear) {
            ElasticLoadBalancingV2Client elb = scope.client(ElasticLoadBalancingV2Client.class);
            scope.parallel(Elb.ownLoadBalancers(scope), lb -> Elb.listeners(elb, lb))
                    .forEach(page -> page.stream().map(Listener::listenerArn).forEach(arns::add));
            scope.tagged("elasticloadbalancing:listener-rule").keySet().forEach(arn -> arns.add(listenerOf(arn)));
        }
        return arns;
    }

    /** Without the default rule, which is the listener's own. */
    private static List<Rule> rules(ElasticLoadBalancingV2Client elb, String listenerArn) {
        try {
            return elb.describeRulesPaginator(r -> r.listenerArn(listenerArn).pageSize(Elb.PAGE)).rules().stream()
                    .filter(rule -> !Boolean.TRUE.equals(rule.isDefault()))
                    .toList();
        } catch (ListenerNotFoundException e) {
            return List.of();
        }
    }

    private static Known<Spec> observed(Rule rule, Identity identity) {
        Spec spec = new Spec(
                listenerOf(rule.ruleArn()),
                Integer.valueOf(rule.priority()),
                rule.conditions().stream().map(RuleCondition::observed).collect(Collectors.toUnmodifiableSet()),
                ListenerAction.observed(rule.actions()),
                identity.tags());
        return Known.of(identity, spec).output("arn", rule.ruleArn());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(ElasticLoadBalancingV2Client.class)
                .createRule(r -> r.listenerArn(spec.listenerArn())
                        .priority(spec.priority())
                        .conditions(conditions(spec))
                        .actions(ListenerAction.requested(spec.actions()))
                        .tags(Elb.tags(spec.tags())))
                .rules()
                .getFirst()
                .ruleArn();
    }

    private static List<software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition> conditions(
            Spec spec) {
        return spec.conditions() == null
                ? List.of()
                : spec.conditions().stream().map(RuleCondition::requested).toList();
    }

    @Override
    public void update(Change<Spec> change) {
        ElasticLoadBalancingV2Client elb = change.client(ElasticLoadBalancingV2Client.class);
        Spec spec = change.spec();
        if (change.touches(Spec::conditions, Spec::actions)) {
            elb.modifyRule(r -> {
                r.ruleArn(change.physicalId());
                if (change.touches(Spec::conditions)) {
                    r.conditions(conditions(spec));
                }
                if (change.touches(Spec::actions)) {
                    r.actions(ListenerAction.requested(spec.actions()));
                }
            });
        }
        List<Change<Spec>> moved = change.together(Spec::priority);
        if (!moved.isEmpty()) {
            elb.setRulePriorities(r -> r.rulePriorities(
                    moved.stream().map(ListenerRuleKind::priority).toList()));
        }
        Elb.updateTags(elb, change, Spec::tags);
    }

    private static RulePriorityPair priority(Change<Spec> change) {
        return RulePriorityPair.builder()
                .ruleArn(change.physicalId())
                .priority(change.spec().priority())
                .build();
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(ElasticLoadBalancingV2Client.class).deleteRule(r -> r.ruleArn(observed.physicalId()));
    }
}
