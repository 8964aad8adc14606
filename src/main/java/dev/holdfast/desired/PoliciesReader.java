package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Action;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.PolicySet;
import dev.holdfast.policy.CelPolicies;
import dev.holdfast.policy.PolicyMistake;
import dev.holdfast.policy.PolicyRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the policies of guardrails, and locates each mistake. */
final class PoliciesReader {
    static final int MOST_POLICIES = 100;
    static final int LONGEST_MESSAGE = 500;

    private PoliciesReader() {}

    /**
     * @param list the policies, whose members have the right types; null: the file has none
     * @param problems receives the mistakes
     * @return null if there are mistakes
     */
    static @Nullable PolicySet read(@Nullable LocatedJson list, KindCatalog catalog, List<Problem> problems) {
        if (!(list instanceof LocatedJson.Arr policies) || policies.elements().isEmpty()) {
            // CEL costs memory and time: it is loaded only for a file that has policies.
            return PolicySet.NONE;
        }
        if (policies.elements().size() > MOST_POLICIES) {
            problems.add(list.location()
                    .problem(
                            "expected at most " + MOST_POLICIES + " policies, found "
                                    + policies.elements().size(),
                            "combine some of them"));
            return null;
        }
        List<PolicyRule> rules = new ArrayList<>();
        List<PolicyMistake> mistakes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (LocatedJson policy : policies.elements()) {
            PolicyRule rule = rule(policy.toJson());
            check(rules.size(), rule, mistakes);
            if (!names.add(rule.name())) {
                mistakes.add(new PolicyMistake(
                        rules.size(), "/name", "two policies are named " + rule.name(), "give each its own name"));
            }
            rules.add(rule);
        }
        PolicySet compiled = CelPolicies.compile(rules, catalog, mistakes);
        for (PolicyMistake mistake : mistakes) {
            LocatedJson policy = policies.elements().get(mistake.index());
            problems.add(location(policy, mistake.member())
                    .problem("policy " + rules.get(mistake.index()).name() + ": " + mistake.message(), mistake.hint()));
        }
        return compiled;
    }

    private static void check(int index, PolicyRule rule, List<PolicyMistake> mistakes) {
        if (rule.message().isBlank() || rule.message().length() > LONGEST_MESSAGE) {
            mistakes.add(new PolicyMistake(
                    index,
                    "/message",
                    "expected a text of 1 to " + LONGEST_MESSAGE + " characters",
                    "describe the violation and its solution"));
        }
        for (Action action : rule.actions() == null ? Set.<Action>of() : rule.actions()) {
            if (action == Action.NoOp || action == Action.Forget) {
                mistakes.add(new PolicyMistake(
                        index,
                        "/match/actions",
                        "policies do not apply to the action " + action + ", which writes nothing",
                        "name other actions, or remove actions to select Create, Update, Replace and Adopt"));
            }
        }
    }

    private static PolicyRule rule(JsonNode policy) {
        JsonNode match = policy.path("match");
        Set<Action> actions = EnumSet.noneOf(Action.class);
        match.path("actions").forEach(action -> actions.add(Action.valueOf(action.asText())));
        Set<String> kinds = new TreeSet<>();
        match.path("kinds").forEach(kind -> kinds.add(kind.asText()));
        return new PolicyRule(
                policy.path("name").asText(),
                match.has("kinds") ? kinds : null,
                match.has("actions") ? actions : null,
                policy.path("expression").asText(),
                PolicyAction.valueOf(policy.path("action").asText()),
                policy.path("message").asText());
    }

    private static SourceLocation location(LocatedJson policy, String pointer) {
        LocatedJson at = policy;
        for (String member : pointer.substring(1).split("/", -1)) {
            LocatedJson next = at instanceof LocatedJson.Obj object ? object.get(member) : null;
            if (next == null) {
                break;
            }
            at = next;
        }
        return at.location();
    }
}
