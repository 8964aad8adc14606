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
 * @param spec the desired spec with masked secrets; the observed spec if the resource is no longer desired
 * @param region the region that contains the resource; null for a resource of a global service and for a composite
 * @param observedAt the time of the last read with a result
 * @param retryAt the time at which the failed step is due again, or null
 * @param dependsOn the resources to which the resource refers
 * @param outlook the changes that will happen without another call
 * @param facts further facts for users in addition to the fields, by label, the most important fact first
 */
public record ResourceView(
        ResourceId id,
        String stack,
        @Nullable ResourceId owner,
        @Nullable JsonNode spec,
        @Nullable String physicalId,
        @Nullable String region,
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
     * The changes of the resource that will happen without another call.
     *
     * @param pending the fields that AWS changes in the maintenance window
     * @param pendingUntil the time at which the window opens next; null if no field waits for the window
     * @param support the end of AWS's support for the software that the resource runs, or null
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

    /** The reason why a retry would have no effect, as text; null if it would have an effect. */
    public @Nullable String nothingToRetry() {
        String why = message == null ? String.valueOf(reason) : message;
        return switch (status) {
            case Failed, Unknown -> null;
            case Stalled ->
                reason == Reason.NameTaken || reason == Reason.LostStateful || reason == Reason.ReplaceForbidden
                        ? id + " is stalled, and a retry would have the same result: " + why
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
