package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What guardrails forbid in a revision, whatever the plan makes of it. Pure. */
public final class GuardrailsCheck {
    private static final String ROLE = "Role";

    private final String location;
    private final Guardrails guardrails;
    private final Revision revision;
    private final List<Problem> problems = new ArrayList<>();

    private GuardrailsCheck(String location, Guardrails guardrails, Revision revision) {
        this.location = location;
        this.guardrails = guardrails;
        this.revision = revision;
    }

    /** The mistakes of a revision. A problem names the resource, after expansion, and the guardrails. */
    public static List<Problem> check(GuardrailsState state, Revision revision) {
        return switch (state) {
            case GuardrailsState.NoGuardrails none -> List.of();
            case GuardrailsState.UnreadableGuardrails unreadable ->
                List.of(new Problem(
                        unreadable.location(), 1, 1, "", unreadable.words(), "mend the file of HOLDFAST_GUARDRAILS"));
            case GuardrailsState.ActiveGuardrails(String location, Guardrails guardrails) ->
                new GuardrailsCheck(location, guardrails, revision).check();
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
            if (resource.id().kind().equals(ROLE)) {
                role(resource);
            }
        }
        return problems;
    }

    private void role(DesiredResource resource) {
        String boundary = guardrails.permissionsBoundary();
        String declared = resource.spec().path("permissionsBoundary").asText("");
        if (boundary != null && !boundary.equals(declared)) {
            problem(
                    resource.id(),
                    "/permissionsBoundary",
                    "expected the boundary " + boundary + ", found " + (declared.isEmpty() ? "none" : declared));
        }
        Set<String> allowed = guardrails.managedPolicies();
        for (JsonNode policy : resource.spec().path("managedPolicyArns")) {
            if (allowed != null && allowed.stream().noneMatch(p -> Glob.matches(p, policy.asText()))) {
                problem(
                        resource.id(),
                        "/managedPolicyArns",
                        "the policy " + policy.asText() + " is not one of " + new TreeSet<>(allowed));
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
                "the guardrails of " + location + " say so"));
    }
}
