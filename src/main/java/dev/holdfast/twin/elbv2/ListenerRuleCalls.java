package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.elbv2.ElbState.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/**
 * The rules of listeners, one for each priority. The rule that represents a listener's default actions is not stored.
 */
interface ListenerRuleCalls extends ElasticLoadBalancingV2Client {
    int LAST_PRIORITY = 50_000;

    ElbState state();

    @Override
    default CreateRuleResponse createRule(CreateRuleRequest r) {
        ElbState s = state();
        Listener listener = s.listeners.need(r.listenerArn());
        checkPriority(r.priority());
        if (r.conditions().isEmpty()) {
            throw invalid("A rule must have at least one condition");
        }
        String priority = String.valueOf(r.priority());
        if (s.rulesOf(r.listenerArn()).anyMatch(rule -> rule.priority().equals(priority))) {
            throw taken(priority);
        }
        Rule made = Rule.builder()
                .ruleArn(r.listenerArn().replace(":listener/", ":listener-rule/") + "/" + s.context.hex(16))
                .priority(priority)
                .isDefault(false)
                .conditions(normal(r.conditions()))
                .actions(s.checked(r.actions(), listener.loadBalancerArn()))
                .transforms(checked(r.transforms()))
                .build();
        return CreateRuleResponse.builder()
                .rules(s.rules.add(made, TwinTags.in(r)))
                .build();
    }

    private static AwsServiceException taken(String priority) {
        return refused("PriorityInUse", "Priority '" + priority + "' is currently in use");
    }

    private static void checkPriority(@Nullable Integer priority) {
        if (priority == null || priority < 1 || priority > LAST_PRIORITY) {
            throw invalid("Priority must be between 1 and " + LAST_PRIORITY);
        }
    }

    /** AWS returns host and path conditions in both of their forms. */
    private static List<RuleCondition> normal(List<RuleCondition> conditions) {
        List<RuleCondition> normal = new ArrayList<>();
        for (RuleCondition c : conditions) {
            RuleCondition.Builder both = c.toBuilder();
            switch (String.valueOf(c.field())) {
                case "host-header" -> {
                    HostHeaderConditionConfig own = c.hostHeaderConfig();
                    List<String> values = own == null ? c.values() : own.values();
                    List<String> regex = own == null ? c.regexValues() : own.regexValues();
                    some(values, regex);
                    both.values(values)
                            .regexValues(regex)
                            .hostHeaderConfig(h -> h.values(values).regexValues(regex));
                }
                case "path-pattern" -> {
                    PathPatternConditionConfig own = c.pathPatternConfig();
                    List<String> values = own == null ? c.values() : own.values();
                    List<String> regex = own == null ? c.regexValues() : own.regexValues();
                    some(values, regex);
                    both.values(values)
                            .regexValues(regex)
                            .pathPatternConfig(p -> p.values(values).regexValues(regex));
                }
                case "http-header" -> {
                    HttpHeaderConditionConfig own = c.httpHeaderConfig();
                    if (own == null) {
                        throw invalid("A condition on a header must have an HttpHeaderConfig");
                    }
                    some(own.values(), own.regexValues());
                }
                case "http-request-method", "query-string", "source-ip" -> {}
                default -> throw invalid("Condition field '" + c.field() + "' is not valid");
            }
            normal.add(both.build());
        }
        return normal;
    }

    private static void some(List<String> values, List<String> regexValues) {
        if (values.isEmpty() && regexValues.isEmpty()) {
            throw invalid("A condition must have a value");
        }
        if (!values.isEmpty() && !regexValues.isEmpty()) {
            throw invalid("A condition cannot have both values and regex values");
        }
        regexValues.forEach(ListenerRuleCalls::compiles);
    }

    private static void compiles(String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw invalid("The regular expression '" + regex + "' is not valid");
        }
    }

    /** A rule has at most one transform of each type, with exactly one rewrite of the same type. */
    private static List<RuleTransform> checked(List<RuleTransform> transforms) {
        Set<String> types = new HashSet<>();
        for (RuleTransform t : transforms) {
            boolean host = t.type() == TransformTypeEnum.HOST_HEADER_REWRITE;
            List<RewriteConfig> own = host
                    ? (t.hostHeaderRewriteConfig() == null
                            ? List.of()
                            : t.hostHeaderRewriteConfig().rewrites())
                    : (t.urlRewriteConfig() == null
                            ? List.of()
                            : t.urlRewriteConfig().rewrites());
            boolean other = host ? t.urlRewriteConfig() != null : t.hostHeaderRewriteConfig() != null;
            if (own.size() != 1 || other) {
                throw invalid("A transform of the type '" + t.typeAsString() + "' must have one rewrite of this type");
            }
            own.forEach(rewrite -> compiles(rewrite.regex()));
            if (!types.add(t.typeAsString())) {
                throw invalid("A rule can have one transform of the type '" + t.typeAsString() + "'");
            }
        }
        return transforms;
    }

    @Override
    default ModifyRuleResponse modifyRule(ModifyRuleRequest r) {
        ElbState s = state();
        Rule old = s.rules.need(r.ruleArn());
        String lb = s.listeners.need(ElbState.listenerOf(r.ruleArn())).loadBalancerArn();
        boolean reset = Boolean.TRUE.equals(r.resetTransforms());
        if (reset && !r.transforms().isEmpty()) {
            throw invalid("Transforms and ResetTransforms cannot be specified together");
        }
        List<RuleTransform> transforms =
                reset ? List.of() : r.transforms().isEmpty() ? old.transforms() : checked(r.transforms());
        List<Action> actions = s.checked(r.actions().isEmpty() ? old.actions() : r.actions(), lb);
        List<RuleCondition> conditions = r.conditions().isEmpty() ? old.conditions() : normal(r.conditions());
        return ModifyRuleResponse.builder()
                .rules(s.rules.change(
                        r.ruleArn(),
                        b -> b.actions(actions).conditions(conditions).transforms(transforms)))
                .build();
    }

    /** Sets all priorities at once, so that two rules can exchange their priorities. */
    @Override
    default SetRulePrioritiesResponse setRulePriorities(SetRulePrioritiesRequest r) {
        ElbState s = state();
        Map<String, String> asked = new HashMap<>();
        Set<String> listenerArns = new HashSet<>();
        for (RulePriorityPair pair : r.rulePriorities()) {
            checkPriority(pair.priority());
            listenerArns.add(ElbState.listenerOf(s.rules.need(pair.ruleArn()).ruleArn()));
            asked.put(pair.ruleArn(), String.valueOf(pair.priority()));
        }
        for (String listener : listenerArns) {
            Set<String> used = new HashSet<>();
            s.rulesOf(listener)
                    .map(rule -> asked.getOrDefault(rule.ruleArn(), rule.priority()))
                    .filter(p -> !used.add(p))
                    .findFirst()
                    .ifPresent(p -> {
                        throw taken(p);
                    });
        }
        List<Rule> changed = new ArrayList<>();
        asked.forEach((arn, priority) -> changed.add(s.rules.change(arn, b -> b.priority(priority))));
        return SetRulePrioritiesResponse.builder().rules(changed).build();
    }

    @Override
    default DescribeRulesResponse describeRules(DescribeRulesRequest r) {
        ElbState s = state();
        if (r.listenerArn() == null && r.ruleArns().isEmpty()) {
            throw invalid("You must specify either listener ARNs or rule ARNs");
        }
        Stream<Rule> wanted = r.ruleArns().isEmpty() ? Stream.of() : s.rules.visible(r.ruleArns());
        if (r.listenerArn() != null) {
            Listener listener = s.listeners.need(r.listenerArn());
            Rule standard = Rule.builder()
                    .ruleArn(s.defaultRules.get(r.listenerArn()))
                    .priority("default")
                    .isDefault(true)
                    .conditions(List.of())
                    .actions(listener.defaultActions())
                    .build();
            Stream<Rule> own = s.rules
                    .visible()
                    .filter(rule -> ElbState.listenerOf(rule.ruleArn()).equals(r.listenerArn()))
                    .sorted(Comparator.comparing(rule -> Integer.valueOf(rule.priority())));
            wanted = Stream.concat(Stream.concat(own, Stream.of(standard)), wanted);
        }
        return s.rules.page(r, DescribeRulesResponse.builder(), wanted);
    }

    @Override
    default DeleteRuleResponse deleteRule(DeleteRuleRequest r) {
        state().rules.delete(r.ruleArn());
        return DeleteRuleResponse.builder().build();
    }
}
