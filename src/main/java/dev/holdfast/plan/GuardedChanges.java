package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/**
 * The classes of guarded changes that a step contains. An update that repairs drift restores what was approved, so that
 * it is in none; what vanished is made anew with all that its document says now, which nobody may have approved. Pure.
 */
final class GuardedChanges {
    /** The widest range that is not the internet: half of it, or a quarter, says as much. */
    private static final int WIDEST_IPV4 = 8;

    private static final int WIDEST_IPV6 = 16;

    private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::\\d{12}:role/.*");

    private final Step step;
    private final ResourceAssessment assessment;
    /** As written, with references; empty if the resource is not desired any more. */
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
        add(found, GuardedChange.DataDeleted, deletesData());
        if (step.action() == Action.Delete || step.action() == Action.Forget) {
            return found;
        }
        add(found, GuardedChange.IamWidened, passesForeignRole());
        switch (step.resource().kind()) {
            case "Role" -> {
                add(found, GuardedChange.IamWidened, widens());
                add(found, GuardedChange.TrustChanged, changesTrust());
                add(found, GuardedChange.BoundaryChanged, changesBoundary());
            }
            case "SecurityGroup" -> add(found, GuardedChange.InternetIngress, opens());
            case "Key" ->
                add(
                        found,
                        GuardedChange.KeyPolicyChanged,
                        makes() ? spec.has("policy") : changes("policy", change -> true));
            case "Bucket" -> add(found, GuardedChange.PublicAccess, unblocks() || admitsEverybody());
            case "FunctionPermission" ->
                add(
                        found,
                        GuardedChange.PublicAccess,
                        !step.changes().stream().allMatch(FieldChange::isDrift)
                                && "*".equals(spec.path("principal").asText()));
            // A client of an endpoint is in its VPC, and usually everybody there may use it.
            case "VpcEndpoint" -> {}
            default -> add(found, GuardedChange.PublicAccess, admitsEverybody());
        }
        return found;
    }

    private static void add(Set<GuardedChange> to, GuardedChange one, boolean is) {
        if (is) {
            to.add(one);
        }
    }

    /** Whether an object begins to exist, or to be ours, with all that the spec says. */
    private boolean makes() {
        return step.action() == Action.Create || step.action() == Action.Replace || step.action() == Action.Adopt;
    }

    private boolean changes(String component, Predicate<FieldChange> which) {
        return step.changes().stream()
                .anyMatch(c -> c.component().equals(component)
                        && !c.isDrift()
                        && c.effect() != FieldChange.Effect.Released
                        && which.test(c));
    }

    private static boolean adds(FieldChange change) {
        return change.desired() != null || change.knownAfterApply();
    }

    private boolean deletesData() {
        boolean ends = step.action() == Action.Delete || step.action() == Action.Replace;
        return ends && assessment.info().stateful();
    }

    private boolean widens() {
        return makes()
                ? !spec.path("policies").isEmpty()
                        || !spec.path("managedPolicyArns").isEmpty()
                : changes("policies", GuardedChanges::adds) || changes("managedPolicyArns", GuardedChanges::adds);
    }

    /** A role that is no resource of the stack may have any rights, and a task or function that gets it has them too. */
    private boolean passesForeignRole() {
        return spec.properties().stream()
                .filter(field -> field.getValue().isTextual()
                        && ROLE.matcher(field.getValue().asText()).matches())
                .anyMatch(field -> makes() || changes(field.getKey(), change -> true));
    }

    private boolean changesTrust() {
        String trust = "assumeRolePolicyDocument";
        return makes() ? !onlyServices(spec.path(trust)) : changes(trust, change -> true);
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

    /** An object that replaces another one has no boundary but what its document declares. */
    private boolean changesBoundary() {
        boolean replaces = step.action() == Action.Replace || step.action() == Action.Adopt;
        return replaces || changes("permissionsBoundary", change -> true);
    }

    private boolean opens() {
        if (makes()) {
            return anyWide(spec.path("ingress"));
        }
        return changes("ingress", c -> c.observed() == null && c.desired() != null && anyWide(c.desired()));
    }

    private static boolean anyWide(JsonNode rules) {
        if (rules.isArray()) {
            for (JsonNode rule : rules) {
                if (anyWide(rule)) {
                    return true;
                }
            }
            return false;
        }
        return isWide(rules.path("cidrIpv4").asText(""), WIDEST_IPV4)
                || isWide(rules.path("cidrIpv6").asText(""), WIDEST_IPV6);
    }

    /** A range that a document does not spell out is taken for a wide one. */
    private static boolean isWide(String cidr, int widest) {
        int slash = cidr.indexOf('/');
        if (cidr.isEmpty() || slash < 0) {
            return cidr.contains("${");
        }
        String prefix = cidr.substring(slash + 1);
        return !prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) < widest;
    }

    private boolean unblocks() {
        String block = "publicAccessBlock";
        JsonNode declared = spec.path(block);
        boolean lifted = declared.isObject()
                && (declared.isEmpty()
                        || declared.properties().stream()
                                .anyMatch(flag -> flag.getValue().isBoolean()
                                        && !flag.getValue().booleanValue()));
        return lifted && (makes() || changes(block, change -> true));
    }

    /** Looks at the whole policy of a component that changes: what is left of it decides, and not what a patch touched. */
    private boolean admitsEverybody() {
        if (makes()) {
            return admits(spec);
        }
        return step.changes().stream()
                .filter(c -> !c.isDrift() && c.effect() != FieldChange.Effect.Released)
                .anyMatch(c -> admits(spec.path(c.component())));
    }

    private static boolean admits(JsonNode node) {
        for (JsonNode statement : statements(node)) {
            boolean allow = statement.path("Effect").asText().equals("Allow");
            if (allow && (statement.has("NotPrincipal") || hasEverybody(statement.path("Principal")))) {
                return true;
            }
        }
        if (node.isContainerNode()) {
            for (JsonNode child : node) {
                if (admits(child)) {
                    return true;
                }
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
