package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.FieldRisk;
import dev.holdfast.kind.RiskyField;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The classes of guarded changes that a step contains, by the declarations of its kind's fields. An update that repairs
 * drift restores approved values and belongs to no class. A deleted resource is created again with its present
 * document, which may never have been approved. Pure.
 */
final class GuardedChanges {
    /**
     * The prefix of the widest range that does not count as the internet: half of the internet, or a quarter, opens it
     * as well.
     */
    private static final int WIDEST_IPV4 = 8;

    private static final int WIDEST_IPV6 = 16;

    private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::\\d{12}:role/.*");

    private final Step step;
    private final ResourceAssessment assessment;
    /** The spec as written, with references; empty if the resource is no longer desired. */
    private final ObjectNode spec;

    private GuardedChanges(Step step, ResourceAssessment assessment) {
        this.step = step;
        this.assessment = assessment;
        this.spec = assessment.desired() == null
                ? JsonNodeFactory.instance.objectNode()
                : assessment.desired().spec();
    }

    static Set<GuardedChange> of(Step step, ResourceAssessment assessment) {
        return new GuardedChanges(step, assessment).all();
    }

    private Set<GuardedChange> all() {
        Set<GuardedChange> found = EnumSet.noneOf(GuardedChange.class);
        boolean ends = step.action() == Action.Delete || step.action() == Action.Replace;
        if (ends && assessment.info().stateful()) {
            found.add(GuardedChange.DataDeleted);
        }
        if (step.action() == Action.Delete || step.action() == Action.Forget) {
            return found;
        }
        for (RiskyField field : RiskyField.of(assessment.info().spec())) {
            GuardedChange guarded = field.risk().guarded();
            if (guarded != null && happens(field)) {
                found.add(guarded);
            }
        }
        return found;
    }

    private boolean happens(RiskyField field) {
        return switch (field.risk()) {
            case INLINE_POLICIES, MANAGED_POLICIES ->
                makes() ? any(field, value -> !value.isEmpty()) : changes(field, GuardedChanges::adds);
            case PASSED_ROLE ->
                any(field, role -> ROLE.matcher(role.asText()).matches())
                        && (makes() || changes(field, change -> true));
            case TRUST_POLICY -> makes() ? !any(field, GuardedChanges::onlyServices) : changes(field, change -> true);
            case BOUNDARY -> replaces() || changes(field, change -> true);
            case SOURCES -> opens(field);
            case RESOURCE_POLICY -> any(field, GuardedChanges::admits) && (makes() || changes(field, change -> true));
            case PRINCIPAL ->
                any(field, principal -> principal.asText().equals("*")) && (makes() || changes(field, change -> true));
            case PUBLIC_ACCESS_BLOCK ->
                any(field, GuardedChanges::lifts) && (makes() || changes(field, change -> true));
            case KEY_POLICY -> makes() ? any(field, value -> true) : changes(field, change -> true);
            case ADDRESSES, RESTRICTION -> false;
        };
    }

    /** Whether the step makes a whole object exist or makes it ours, so that the whole spec takes effect. */
    private boolean makes() {
        return step.action() == Action.Create || replaces();
    }

    /**
     * Whether the step replaces or adopts an object. The boundary afterwards is only the one that the document
     * declares.
     */
    private boolean replaces() {
        return step.action() == Action.Replace || step.action() == Action.Adopt;
    }

    /** Tests the whole value, because the resulting value counts, and not the part that a patch touched. */
    private boolean any(RiskyField field, Predicate<JsonNode> which) {
        return field.in(spec).stream().anyMatch(which);
    }

    private boolean changes(RiskyField field, Predicate<FieldChange> which) {
        return step.changes().stream()
                .anyMatch(c -> c.component().equals(field.component())
                        && !c.isDrift()
                        && c.effect() != FieldChange.Effect.Released
                        && which.test(c));
    }

    private static boolean adds(FieldChange change) {
        return change.desired() != null || change.knownAfterApply();
    }

    private static boolean onlyServices(JsonNode policy) {
        for (JsonNode statement : statements(policy)) {
            JsonNode principal = statement.path("Principal");
            if (!principal.isObject() || principal.size() != 1 || !principal.has("Service")) {
                return false;
            }
        }
        return true;
    }

    private boolean opens(RiskyField sources) {
        Class<?> element = SpecModel.of(assessment.info().spec())
                .field(sources.component())
                .map(SpecModel.Field::element)
                .orElseThrow();
        if (makes()) {
            return any(sources, rules -> isWide(element, rules));
        }
        return changes(sources, c -> c.observed() == null && isWide(element, c.desired()));
    }

    private static boolean isWide(Class<?> element, @Nullable JsonNode rules) {
        return rules != null
                && RiskyField.of(element).stream()
                        .filter(field -> field.risk() == FieldRisk.ADDRESSES)
                        .flatMap(field -> field.in(rules).stream())
                        .anyMatch(range -> isWide(range.asText()));
    }

    /** Whether a range counts as the internet. A range given by a reference does. */
    private static boolean isWide(String cidr) {
        int slash = cidr.indexOf('/');
        if (cidr.isEmpty() || slash < 0) {
            return cidr.contains("${");
        }
        String prefix = cidr.substring(slash + 1);
        int widest = cidr.contains(":") ? WIDEST_IPV6 : WIDEST_IPV4;
        return !prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) < widest;
    }

    /** Whether a public access block permits public access. An empty block switches none of its protections on. */
    private static boolean lifts(JsonNode block) {
        return block.isObject()
                && (block.isEmpty()
                        || block.properties().stream()
                                .anyMatch(flag -> flag.getValue().isBoolean()
                                        && !flag.getValue().booleanValue()));
    }

    private static boolean admits(JsonNode node) {
        for (JsonNode statement : statements(node)) {
            boolean allow = statement.path("Effect").asText().equals("Allow");
            if (allow && (statement.has("NotPrincipal") || hasEverybody(statement.path("Principal")))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasEverybody(JsonNode principal) {
        if (principal.isTextual()) {
            return principal.asText().equals("*");
        }
        for (JsonNode child : principal) {
            if (hasEverybody(child)) {
                return true;
            }
        }
        return false;
    }

    private static List<JsonNode> statements(JsonNode policy) {
        JsonNode statement = policy.path("Statement");
        if (!statement.isArray()) {
            return statement.isObject() ? List.of(statement) : List.of();
        }
        List<JsonNode> all = new ArrayList<>();
        statement.forEach(all::add);
        return all;
    }
}
