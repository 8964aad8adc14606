package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.FieldRisk;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.RiskyField;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Wildcards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the parts of a revision that guardrails forbid, independently of any plan. Pure. */
public final class GuardrailsCheck {
    private final String location;
    private final Guardrails guardrails;
    private final Revision revision;
    private final KindCatalog catalog;
    private final List<Problem> problems = new ArrayList<>();

    private GuardrailsCheck(String location, Guardrails guardrails, Revision revision, KindCatalog catalog) {
        this.location = location;
        this.guardrails = guardrails;
        this.revision = revision;
        this.catalog = catalog;
    }

    /** @return the mistakes of a revision. A problem names the resource, after expansion, and the guardrails. */
    public static List<Problem> check(GuardrailsState state, Revision revision, KindCatalog catalog) {
        return switch (state) {
            case GuardrailsState.NoGuardrails none -> List.of();
            case GuardrailsState.UnreadableGuardrails unreadable ->
                List.of(new Problem(
                        unreadable.location(),
                        1,
                        1,
                        "",
                        unreadable.words(),
                        "correct the file that HOLDFAST_GUARDRAILS names"));
            case GuardrailsState.ActiveGuardrails active ->
                new GuardrailsCheck(active.location(), active.guardrails(), revision, catalog).check();
        };
    }

    private List<Problem> check() {
        Guardrails.AllowedScope allow = guardrails.allow();
        String stack = revision.settings().name();
        within("stack", stack, allow.stacks(), null, "");
        within("account", revision.settings().account(), allow.accounts(), null, "/account");
        within("region", revision.settings().region(), allow.regions(), null, "/region");
        if (allow.roles() != null) {
            String role = revision.settings().roleArn();
            within("role", role == null ? "the operator's own" : role, allow.roles(), null, "/roleArn");
        }
        for (DesiredResource resource : revision.resources().values()) {
            within("kind", resource.id().kind(), allow.kinds(), resource.id(), "");
            if (resource.region() != null) {
                within("region", resource.region(), allow.regions(), resource.id(), "/region");
            }
            boundary(resource);
            managedPolicies(resource);
        }
        return problems;
    }

    private Optional<RiskyField> field(DesiredResource resource, FieldRisk risk) {
        return RiskyField.of(catalog.get(resource.id().kind()).info().spec(), risk);
    }

    private void boundary(DesiredResource resource) {
        String boundary = guardrails.permissionsBoundary();
        RiskyField field = field(resource, FieldRisk.BOUNDARY).orElse(null);
        if (boundary == null || field == null) {
            return;
        }
        String declared = field.in(resource.spec()).stream()
                .findFirst()
                .map(JsonNode::asText)
                .orElse("");
        if (!boundary.equals(declared)) {
            problem(
                    resource.id(),
                    "/" + field.component(),
                    "expected the boundary " + boundary + ", found " + (declared.isEmpty() ? "none" : declared));
        }
    }

    private void managedPolicies(DesiredResource resource) {
        Set<String> allowed = guardrails.managedPolicies();
        RiskyField field = field(resource, FieldRisk.MANAGED_POLICIES).orElse(null);
        if (allowed == null || field == null) {
            return;
        }
        for (JsonNode policies : field.in(resource.spec())) {
            for (JsonNode policy : policies) {
                if (allowed.stream().noneMatch(p -> Wildcards.match(p, policy.asText()))) {
                    problem(
                            resource.id(),
                            "/" + field.component(),
                            "the policy " + policy.asText() + " is not one of " + new TreeSet<>(allowed));
                }
            }
        }
    }

    private void within(
            String what, String found, @Nullable Set<String> allowed, @Nullable ResourceId id, String pointer) {
        if (allowed != null && !allowed.contains(found)) {
            problem(id, pointer, "the " + what + " " + found + " is not one of " + new TreeSet<>(allowed));
        }
    }

    private void problem(@Nullable ResourceId id, String pointer, String message) {
        String where = id == null ? "stack " + revision.settings().name() : id.toString();
        problems.add(new Problem(
                where,
                1,
                1,
                (id == null ? "" : "/spec") + pointer,
                message,
                "comply with the guardrails of " + location));
    }
}
