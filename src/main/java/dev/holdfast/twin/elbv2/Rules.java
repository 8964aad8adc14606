package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;

/** The rules of all listeners, one a priority each; a listener's default rule is not among them. */
final class Rules {
    private static final int PAGE = 400;
    private static final int LAST_PRIORITY = 50_000;

    record Row(Rule model, String listenerArn) {}

    private final TwinContext context;
    private final ElbTags tags;
    private final Listeners listeners;
    private final TwinTable<Row> rows;

    Rules(TwinContext context, ElbTags tags, Listeners listeners) {
        this.context = context;
        this.tags = tags;
        this.listeners = listeners;
        this.rows = new TwinTable<>(context);
    }

    Rule create(CreateRuleRequest r, Consumer<List<Action>> actionsAllowed) {
        String listener = listeners.get(r.listenerArn()).model().listenerArn();
        checkPriority(r.priority());
        if (r.conditions().isEmpty()) {
            throw ElbErrors.invalid("A rule must have at least one condition");
        }
        String priority = String.valueOf(r.priority());
        if (of(listener).anyMatch(rule -> rule.priority().equals(priority))) {
            throw taken(priority);
        }
        List<Action> actions = Actions.normal(r.actions());
        actionsAllowed.accept(actions);
        String arn = listener.replace(":listener/", ":listener-rule/") + "/" + context.hex(16);
        Rule made = Rule.builder()
                .ruleArn(arn)
                .priority(priority)
                .isDefault(false)
                .conditions(normal(r.conditions()))
                .actions(actions)
                .build();
        tags.begin(arn, r.tags());
        rows.put(arn, new Row(made, listener));
        return made;
    }

    private static RuntimeException taken(String priority) {
        return ElbErrors.refused("PriorityInUse", "Priority '" + priority + "' is currently in use");
    }

    private static void checkPriority(@Nullable Integer priority) {
        if (priority == null || priority < 1 || priority > LAST_PRIORITY) {
            throw ElbErrors.invalid("Priority must be between 1 and " + LAST_PRIORITY);
        }
    }

    /** Host and path conditions are answered in both of their forms. */
    private static List<RuleCondition> normal(List<RuleCondition> conditions) {
        List<RuleCondition> normal = new ArrayList<>();
        for (RuleCondition c : conditions) {
            switch (String.valueOf(c.field())) {
                case "host-header" -> {
                    List<String> values =
                            c.hostHeaderConfig() != null ? c.hostHeaderConfig().values() : c.values();
                    normal.add(c.toBuilder()
                            .values(some(values))
                            .hostHeaderConfig(h -> h.values(values))
                            .build());
                }
                case "path-pattern" -> {
                    List<String> values = c.pathPatternConfig() != null
                            ? c.pathPatternConfig().values()
                            : c.values();
                    normal.add(c.toBuilder()
                            .values(some(values))
                            .pathPatternConfig(p -> p.values(values))
                            .build());
                }
                case "http-header", "http-request-method", "query-string", "source-ip" -> normal.add(c);
                default -> throw ElbErrors.invalid("Condition field '" + c.field() + "' is not valid");
            }
        }
        return normal;
    }

    private static List<String> some(List<String> values) {
        if (values.isEmpty()) {
            throw ElbErrors.invalid("A condition must have a value");
        }
        return values;
    }

    Rule modify(ModifyRuleRequest r, Consumer<List<Action>> actionsAllowed) {
        Row row = get(r.ruleArn());
        List<Action> actions = r.actions().isEmpty() ? row.model().actions() : Actions.normal(r.actions());
        actionsAllowed.accept(actions);
        Rule made = row.model().toBuilder()
                .actions(actions)
                .conditions(r.conditions().isEmpty() ? row.model().conditions() : normal(r.conditions()))
                .build();
        rows.put(made.ruleArn(), new Row(made, row.listenerArn()));
        return made;
    }

    /** All at once, so that rules may change places. */
    List<Rule> setPriorities(List<RulePriorityPair> pairs) {
        Map<String, String> asked = new HashMap<>();
        Set<String> listenerArns = new HashSet<>();
        for (RulePriorityPair pair : pairs) {
            checkPriority(pair.priority());
            listenerArns.add(get(pair.ruleArn()).listenerArn());
            asked.put(pair.ruleArn(), String.valueOf(pair.priority()));
        }
        for (String listener : listenerArns) {
            Set<String> used = new HashSet<>();
            of(listener).map(r -> asked.getOrDefault(r.ruleArn(), r.priority())).forEach(p -> {
                if (!used.add(p)) {
                    throw taken(p);
                }
            });
        }
        List<Rule> changed = new ArrayList<>();
        asked.forEach((arn, priority) -> {
            Row row = get(arn);
            Rule made = row.model().toBuilder().priority(priority).build();
            rows.put(arn, new Row(made, row.listenerArn()));
            changed.add(made);
        });
        return changed;
    }

    DescribeRulesResponse describe(DescribeRulesRequest r) {
        List<Rule> wanted = new ArrayList<>();
        if (r.listenerArn() != null) {
            Listeners.Row listener = listeners.get(r.listenerArn());
            rows.visible().stream()
                    .filter(row -> row.listenerArn().equals(r.listenerArn()))
                    .map(Row::model)
                    .sorted(Comparator.comparing(rule -> Integer.valueOf(rule.priority())))
                    .forEach(wanted::add);
            wanted.add(Listeners.defaultRule(listener));
        } else if (r.ruleArns().isEmpty()) {
            throw ElbErrors.invalid("You must specify either listener ARNs or rule ARNs");
        }
        for (String arn : r.ruleArns()) {
            Row row = rows.visible(arn);
            if (row == null) {
                throw ElbErrors.noRule(arn);
            }
            wanted.add(row.model());
        }
        TwinContext.Page<Rule> page = context.page(wanted, r.marker(), PAGE, r.pageSize());
        return DescribeRulesResponse.builder()
                .rules(page.items())
                .nextMarker(page.next())
                .build();
    }

    Row get(@Nullable String arn) {
        Row row = rows.get(arn);
        if (row == null) {
            throw ElbErrors.noRule(String.valueOf(arn));
        }
        return row;
    }

    boolean exists(String arn) {
        return rows.get(arn) != null;
    }

    Stream<Row> all() {
        return rows.all().stream();
    }

    Stream<Rule> of(String listenerArn) {
        return all().filter(r -> r.listenerArn().equals(listenerArn)).map(Row::model);
    }

    void remove(String arn) {
        rows.remove(arn);
        tags.end(arn);
    }
}
