package dev.holdfast.alerts;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.desired.Problem;
import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Action;
import dev.holdfast.model.Condition;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Health;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.model.SupportEnd;
import dev.holdfast.plan.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Views of a stack as the engine creates them. */
final class Views {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<ResourceId, ResourceView> resources = new TreeMap<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<DriftItem> drift = new ArrayList<>();
    private final Map<Step, Verdict> held = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean looked = true;

    static Views of() {
        return new Views();
    }

    /** A view without any problem. */
    static StackView fine() {
        return of().with("Vpc/main", Status.Synced, null, null).view();
    }

    /** A resource whose step waits for an approval. */
    Views held(String id, String reason, String message, String hash) {
        Verdict verdict = new Verdict.Held(Status.AwaitingApproval, Reason.valueOf(reason), message, true);
        held.put(
                new Step(
                        ResourceId.parse(id),
                        Action.Delete,
                        "p-1",
                        List.of(),
                        Set.of(),
                        false,
                        true,
                        false,
                        false,
                        "",
                        hash),
                verdict);
        return with(id, Status.AwaitingApproval, reason, message);
    }

    Views with(String id, Status status, @Nullable String reason, @Nullable String message) {
        ResourceId resource = ResourceId.parse(id);
        Reason why = reason == null ? null : Reason.valueOf(reason);
        resources.put(resource, resource(resource, status, why, message, List.of(), ResourceView.ShownOutlook.NONE));
        return this;
    }

    /** A Synced resource whose software AWS supports until the given time. */
    static ResourceView supported(String id, SupportEnd end) {
        return resource(
                ResourceId.parse(id),
                Status.Synced,
                null,
                null,
                List.of(),
                new ResourceView.ShownOutlook(List.of(), null, end));
    }

    private static ResourceView resource(
            ResourceId id,
            Status status,
            @Nullable Reason reason,
            @Nullable String message,
            List<Condition> conditions,
            ResourceView.ShownOutlook outlook) {
        return new ResourceView(
                id,
                "prod",
                null,
                null,
                "p-1",
                null,
                status,
                reason,
                message,
                conditions,
                Map.of(),
                List.of(),
                START,
                Map.of(),
                null,
                null,
                List.of(),
                outlook,
                Map.of());
    }

    /** The same resource, which Holdfast created at the given time. */
    static ResourceView made(ResourceView view, Instant at) {
        return new ResourceView(
                view.id(),
                view.stack(),
                view.owner(),
                view.spec(),
                view.physicalId(),
                view.region(),
                view.status(),
                view.reason(),
                view.message(),
                view.conditions(),
                view.outputs(),
                view.drift(),
                view.observedAt(),
                view.observedAtByFacet(),
                new ResourceView.ShownChange(at, Action.Create, null),
                view.retryAt(),
                view.dependsOn(),
                view.outlook(),
                view.facts());
    }

    /** A resource that AWS reports as not ready. */
    Views notReady(String id, Status status, String reason, @Nullable String message) {
        return ready(id, status, Health.notReady(reason, message));
    }

    Views ready(String id, Status status, Health health, Condition... more) {
        ResourceId resource = ResourceId.parse(id);
        List<Condition> all = new ArrayList<>(List.of(more));
        all.add(new Condition(
                Condition.ConditionType.Ready, health.ready(), health.reason(), health.message(), START, null));
        resources.put(resource, resource(resource, status, null, null, all, ResourceView.ShownOutlook.NONE));
        return this;
    }

    Views condition(String reason, String message) {
        conditions.add(new Condition(
                reason.equals("PassFailed") ? Condition.ConditionType.Reconciling : Condition.ConditionType.Stalled,
                Health.Ready.True,
                reason,
                message,
                START,
                null));
        return this;
    }

    Views problem(String file, String message) {
        problems.add(new Problem(file, 3, 5, "/spec", message, "write it otherwise"));
        return this;
    }

    Views repaired(String id, Instant at, String path, String value) {
        drift.add(new DriftItem(
                ResourceId.parse(id),
                "p-1",
                DriftItem.DriftType.Modified,
                DriftItem.DriftState.Repaired,
                at.minusSeconds(30),
                at,
                List.of(new FieldChange(
                        path,
                        FieldChange.words(path),
                        "x",
                        null,
                        TextNode.valueOf(value),
                        FieldChange.Cause.Drift,
                        FieldChange.Effect.Update,
                        false)),
                null));
        return this;
    }

    /** @param field the field that names an attached child; null: the object is a copy of the resource */
    Views unexpected(String id, String physicalId, @Nullable String field) {
        drift.add(DriftItem.open(
                ResourceId.parse(id),
                physicalId,
                DriftItem.DriftType.Unexpected,
                DriftItem.DriftState.Detected,
                START,
                field == null
                        ? List.of()
                        : List.of(new FieldChange(
                                "/" + field,
                                field,
                                field,
                                null,
                                TextNode.valueOf(physicalId),
                                FieldChange.Cause.Drift,
                                FieldChange.Effect.Update,
                                false))));
        return this;
    }

    /** A view without a pass, in which no resource is known. */
    Views neverLooked() {
        looked = false;
        return this;
    }

    StackView view() {
        return new StackView(
                "prod",
                null,
                "Synced",
                "9f2c",
                problems,
                conditions,
                looked ? resources : Map.of(),
                drift,
                looked ? new Plan("prod", "9f2c", List.copyOf(held.keySet())) : null,
                looked ? held : Map.of(),
                null,
                null,
                looked ? START : null,
                START,
                Map.of(),
                Map.of(),
                null,
                null);
    }
}
