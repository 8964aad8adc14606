package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.Action;
import dev.holdfast.model.Condition;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Health;
import dev.holdfast.model.MaintenanceWindow;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.SupportEnd;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource as the status shows it.
 *
 * @param spec as desired, secrets masked; as observed for what is no longer desired
 * @param observedAt of the last read that told something
 * @param retryAt when the failed step is due again, or null
 * @param dependsOn the resources that it refers to
 * @param outlook what is to come of it without another call
 * @param facts what people want to know of it beside its fields, by labels, the most telling one first
 */
public record ResourceView(
        ResourceId id,
        String stack,
        @Nullable ResourceId owner,
        @Nullable JsonNode spec,
        @Nullable String physicalId,
        Status status,
        @Nullable Reason reason,
        @Nullable String message,
        List<Condition> conditions,
        Map<String, Object> outputs,
        List<FieldChange> drift,
        @Nullable Instant observedAt,
        Map<String, Instant> observedAtByFacet,
        @Nullable ShownChange lastChange,
        @Nullable Instant retryAt,
        List<ResourceId> dependsOn,
        ShownOutlook outlook,
        Map<String, String> facts) {
    /**
     * What is to come of the resource without another call.
     *
     * @param pending the fields that AWS changes in the maintenance window
     * @param pendingUntil when that opens next; null: nothing waits for it
     * @param support until when AWS supports what the resource runs, or null
     */
    public record ShownOutlook(
            List<String> pending,
            @Nullable Instant pendingUntil,
            @Nullable SupportEnd support) {
        public static final ShownOutlook NONE = new ShownOutlook(List.of(), null, null);

        static ShownOutlook of(Outlook outlook, Instant now) {
            MaintenanceWindow window = outlook.window();
            Instant until = window == null || outlook.pending().isEmpty() ? null : window.next(now);
            return new ShownOutlook(outlook.pending(), until, outlook.support());
        }
    }

    public record ShownChange(
            Instant at, Action action, @Nullable String revision) {}

    /** Why another try would change nothing, in words; null: it would begin something. */
    public @Nullable String nothingToRetry() {
        String why = message == null ? String.valueOf(reason) : message;
        return switch (status) {
            case Failed, Unknown -> null;
            case Stalled ->
                reason == Reason.NameTaken || reason == Reason.LostStateful || reason == Reason.ReplaceForbidden
                        ? id + " is stalled, and another try would end in the same way: " + why
                        : null;
            case Drifted, Pending -> reason == Reason.ModeObserve ? id + " is not written: " + why : null;
            case AwaitingApproval -> id + " waits for an approval: " + why;
            case Waiting -> id + " waits for another resource: " + why;
            case Progressing -> id + " is being changed: " + why;
            case Paused -> id + " is paused: " + why;
            case Orphaned, Synced -> id + " is " + status + ": nothing has failed, and nothing is held";
        };
    }

    /** The health of the resource, whether it is in sync or not. */
    public boolean isReady() {
        return conditions.stream()
                .filter(c -> c.type() == Condition.ConditionType.Ready)
                .allMatch(c -> c.status() == Health.Ready.True);
    }
}
