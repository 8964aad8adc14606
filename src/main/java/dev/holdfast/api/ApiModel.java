package dev.holdfast.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.Problem;
import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.PassReport;
import dev.holdfast.engine.PublishedBy;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Action;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.Condition;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.model.SupportEnd;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.StackMemory;
import dev.holdfast.state.UserRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The request and response bodies of the HTTP API. */
public final class ApiModel {
    private ApiModel() {}

    /** @param next the value of {@code after} for the next page; null if this is the last one */
    public record ItemList<T>(
            List<T> items,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String next) {}

    public record StackJson(
            String name,
            @Nullable String region,
            @Nullable String account,
            @Nullable String mode,
            String status,
            @Nullable String revision,
            List<Problem> revisionErrors,
            List<Condition> conditions,
            Map<Status, Long> counts,

            @Nullable PassJson lastPass,
            @Nullable Instant lastGoodPassAt,
            Instant nextLookAt,
            Map<String, StackMemory.Pause> pauses,

            @Schema(description = "The steps of the plan that wait for a person, and those that follow them.")
            HeldStepsJson heldSteps,

            @Schema(description = "The guardrails of this installation, in words.") @Nullable
            String guardrails,

            @Schema(description = "The publisher and the signer of the revision that is enforced.") @Nullable
            PublishedBy published) {}

    public record HeldStepsJson(int held, int following) {
        static HeldStepsJson of(StackView view) {
            return new HeldStepsJson(view.heldSteps().held(), view.heldSteps().following());
        }
    }

    public record PassJson(Instant startedAt, long durationMs, RequestsJson requests, long writes) {
        static @Nullable PassJson of(@Nullable PassReport report) {
            return report == null
                    ? null
                    : new PassJson(
                            report.startedAt(),
                            report.durationMs(),
                            new RequestsJson(report.total(), report.requests()),
                            report.writes());
        }
    }

    public record RequestsJson(long total, Map<String, Long> byOperation) {}

    public record ResourceJson(
            String apiVersion,
            String kind,
            MetadataJson metadata,
            @Nullable JsonNode spec,
            ResourceStatusJson status) {}

    public record MetadataJson(
            String name, String stack, @Nullable String owner) {}

    public record ResourceStatusJson(
            @Nullable String physicalId,
            Status status,
            @Nullable String reason,
            @Nullable String message,
            List<Condition> conditions,
            Map<String, Object> outputs,
            List<FieldJson> drift,
            @Nullable Instant observedAt,
            Map<String, Instant> observedAtByFacet,
            ResourceView.@Nullable ShownChange lastChange,
            @Nullable Instant retryAt,

            @Schema(
                    description =
                            "Whether a request to retry the resource would have an effect; if not, it is refused.")
            boolean retryable,

            List<ResourceId> dependsOn,

            @Schema(description = "The fields whose changes AWS applies in the maintenance window.")
            List<String> pending,

            @Schema(description = "When the maintenance window opens in which AWS applies pending changes.") @Nullable
            Instant pendingUntil,

            @Schema(
                    description =
                            "When AWS ends its support for the version in use, or a certificate expires without renewal.")
            @Nullable
            SupportEnd support,

            @Schema(
                    description =
                            "Facts from the last read that are not fields, by label, the most important one first.")
            Map<String, String> facts,

            @Schema(description = "The pages of AWS's console that show the resource.")
            List<ConsoleLinks.ConsoleLink> console,

            @Schema(description = "The region; null for a resource of a global service and for a composite.") @Nullable
            String region) {}

    /** One field that differs. A null in {@code desired} means that the value is to be removed. */
    public record FieldJson(
            String path,
            FieldChange.Cause cause,
            @Nullable JsonNode desired,
            @Nullable JsonNode observed,
            boolean knownAfterApply,
            FieldChange.Effect effect,

            @Schema(description = "The field in words, for people.")
            String words) {
        static FieldJson of(FieldChange change) {
            return new FieldJson(
                    change.path(),
                    change.cause(),
                    change.desired(),
                    change.observed(),
                    change.knownAfterApply(),
                    change.effect(),
                    change.words());
        }
    }

    public record DriftJson(
            String stack,
            @Nullable String revision,
            @Nullable Instant observedAt,
            boolean inSync,
            List<DriftEntryJson> items) {}

    public record DriftEntryJson(
            ResourceId resource,
            @Nullable String physicalId,
            DriftItem.DriftType type,
            DriftItem.DriftState state,
            Instant firstSeen,
            @Nullable Instant repairedAt,
            List<DriftFieldJson> fields,

            @Schema(description = "The author of the drift, as a change event names it; null: no event does.") @Nullable
            ChangeAuthor by) {}

    /** One field that differed. A null in {@code desired} means that no document desires the value. */
    public record DriftFieldJson(
            String path,
            FieldChange.Cause cause,
            @Nullable JsonNode desired,
            @Nullable JsonNode observed,

            @Schema(description = "The field in words, for people.")
            String words) {
        static DriftFieldJson of(FieldChange change) {
            return new DriftFieldJson(
                    change.path(), change.cause(), change.desired(), change.observed(), change.words());
        }
    }

    public record PlanJson(
            String stack, @Nullable String revision, HeldStepsJson heldSteps, List<PlanStepJson> steps) {}

    /**
     * One step and its verdict.
     *
     * @param approvable whether the step is held, or a limit will hold it, and an approval of its hash releases it
     */
    public record PlanStepJson(
            String hash,
            ResourceId resource,
            Action action,
            @Nullable String physicalId,
            String reason,
            boolean rollout,
            List<FieldJson> changes,
            VerdictJson verdict,

            @Schema(description = "Whether the step is held, or a limit will hold it, so that an approval releases it.")
            boolean approvable,

            @Schema(description = "The messages of guardrail policies that warn about the step but do not stop it.")
            List<String> warnings) {}

    public record VerdictJson(
            String type,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Instant at,
            @Nullable ResourceId on) {
        static VerdictJson of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Allowed go -> new VerdictJson("Go", null, null, null, null);
                case Verdict.Held held -> new VerdictJson("Held", held.reason().name(), held.message(), null, null);
                case Verdict.Blocked blocked ->
                    new VerdictJson("Blocked", blocked.reason().name(), blocked.message(), null, blocked.on());
                case Verdict.AfterReplacement follows -> new VerdictJson("Follows", null, null, null, follows.on());
                case Verdict.RetryAt later ->
                    new VerdictJson("Later", later.reason().name(), null, later.at(), null);
            };
        }
    }

    /** @param edges each leads from a resource to one that it depends on */
    public record GraphJson(List<GraphNodeJson> nodes, List<List<ResourceId>> edges) {}

    public record GraphNodeJson(ResourceId id, @Nullable ResourceId owner, Status status) {}

    /**
     * The answer to a request that is stored and not carried out yet.
     *
     * @param needs held steps that have to be approved too
     */
    public record RequestJson(String request, Instant at, String by, String message, List<NeededStepJson> needs) {
        static RequestJson of(UserRequest request, List<HeldStep> needs) {
            String all =
                    needs.stream().map(s -> s.resource().toString()).distinct().collect(Collectors.joining(", "));
            return new RequestJson(
                    request.id(),
                    request.at(),
                    request.by(),
                    "the request is stored; the operator that holds the stack carries it out within seconds"
                            + (needs.isEmpty() ? "" : "; it also needs the approval of " + all),
                    needs.stream()
                            .map(s -> new NeededStepJson(s.resource(), s.hash(), s.message()))
                            .toList());
        }
    }

    public record NeededStepJson(
            ResourceId resource, String hash, @Nullable String message) {}

    public record ApprovalsBody(@Nullable List<@Nullable String> steps) {}

    public record RetryBody(@Nullable String resource) {}

    public record PauseBody(
            @Nullable String resource,
            @Nullable Instant until,
            @Nullable String reason) {}

    public static StackJson stack(StackView view) {
        Map<Status, Long> counts = new TreeMap<>();
        view.resources().values().forEach(r -> counts.merge(r.status(), 1L, Long::sum));
        return new StackJson(
                view.name(),
                region(view),
                view.settings() == null ? null : view.settings().account(),
                view.settings() == null ? null : view.settings().mode().name(),
                view.status(),
                view.revision(),
                view.revisionErrors(),
                view.conditions(),
                counts,
                PassJson.of(view.lastPass()),
                view.lastGoodPassAt(),
                view.nextLookAt(),
                view.pauses(),
                HeldStepsJson.of(view),
                view.guardrails() == null ? null : view.guardrails().words(),
                view.published());
    }

    static @Nullable String region(StackView view) {
        return view.settings() == null ? null : view.settings().region();
    }

    /** @param region the region of the stack, or null */
    public static ResourceJson resource(ResourceView view, @Nullable String region) {
        return new ResourceJson(
                "holdfast.dev/v1",
                view.id().kind(),
                new MetadataJson(
                        view.id().name(),
                        view.stack(),
                        view.owner() == null ? null : view.owner().toString()),
                view.spec(),
                new ResourceStatusJson(
                        view.physicalId(),
                        view.status(),
                        view.reason() == null ? null : view.reason().name(),
                        view.message(),
                        view.conditions(),
                        view.outputs(),
                        view.drift().stream().map(FieldJson::of).toList(),
                        view.observedAt(),
                        view.observedAtByFacet(),
                        view.lastChange(),
                        view.retryAt(),
                        view.nothingToRetry() == null,
                        view.dependsOn(),
                        view.outlook().pending(),
                        view.outlook().pendingUntil(),
                        view.outlook().support(),
                        view.facts(),
                        ConsoleLinks.of(view, region),
                        view.region()));
    }

    public static DriftJson drift(StackView view) {
        boolean inSync = view.resources().values().stream()
                .allMatch(r -> r.status() == Status.Synced || r.status() == Status.Orphaned);
        return new DriftJson(
                view.name(),
                view.revision(),
                view.observedAt(),
                inSync && view.observedAt() != null,
                view.drift().stream()
                        .map(i -> new DriftEntryJson(
                                i.resource(),
                                i.physicalId(),
                                i.type(),
                                i.state(),
                                i.firstSeen(),
                                i.repairedAt(),
                                i.fields().stream().map(DriftFieldJson::of).toList(),
                                i.by()))
                        .toList());
    }

    public static PlanJson plan(StackView view) {
        return new PlanJson(
                view.name(),
                view.revision(),
                HeldStepsJson.of(view),
                view.verdicts().entrySet().stream()
                        .map(e -> step(view, e.getKey(), e.getValue()))
                        .toList());
    }

    public static GraphJson graph(StackView view) {
        Map<ResourceId, ResourceView> resources = view.resources();
        return new GraphJson(
                resources.values().stream()
                        .map(r -> new GraphNodeJson(r.id(), r.owner(), r.status()))
                        .toList(),
                resources.values().stream()
                        .flatMap(r -> r.dependsOn().stream()
                                .filter(resources::containsKey)
                                .map(on -> List.of(r.id(), on)))
                        .toList());
    }

    private static PlanStepJson step(StackView view, Step step, Verdict verdict) {
        return new PlanStepJson(
                step.hash(),
                step.resource(),
                step.action(),
                step.physicalId(),
                step.reason(),
                step.rollout(),
                step.changes().stream().map(FieldJson::of).toList(),
                VerdictJson.of(verdict),
                verdict.isApprovable(),
                view.plan() == null ? List.of() : view.plan().warnings(step));
    }
}
