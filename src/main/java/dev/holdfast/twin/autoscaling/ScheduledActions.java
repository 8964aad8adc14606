package dev.holdfast.twin.autoscaling;

import static dev.holdfast.twin.autoscaling.TwinAutoScaling.invalid;
import static dev.holdfast.twin.autoscaling.TwinAutoScaling.key;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTargetAction;
import software.amazon.awssdk.services.applicationautoscaling.model.ScheduledAction;

/**
 * The scheduled actions. The twin never runs them.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html">PutScheduledAction</a>
 */
final class ScheduledActions {
    private static final Pattern SCHEDULE = Pattern.compile("(at|cron|rate)\\(.+\\)");
    private static final Pattern NAME = Pattern.compile("[^:/|]{1,256}");

    private final TwinContext context;
    final ResourceStore<ScheduledAction, ScheduledAction.Builder> store;

    ScheduledActions(TwinContext context) {
        this.context = context;
        this.store = context.store(ScheduledAction::builder, a -> key(a) + "/" + a.scheduledActionName())
                .type("autoscaling:scheduledAction")
                .arn(ScheduledAction::scheduledActionARN)
                .pages(50);
    }

    /** An update keeps the members that it does not set, except the start and end times, which it removes. */
    void put(PutScheduledActionRequest r) {
        String name = String.valueOf(r.scheduledActionName());
        if (r.scheduledActionName() == null || !NAME.matcher(name).matches()) {
            throw invalid("1 validation error detected: Value '" + r.scheduledActionName()
                    + "' at 'scheduledActionName' failed to satisfy constraint");
        }
        ScheduledAction old = store.get(key(r) + "/" + name);
        ScheduledAction asked = SdkShapes.copy(r, (old == null ? fresh(r) : old).toBuilder())
                .startTime(seconds(r.startTime()))
                .endTime(seconds(r.endTime()))
                .build();
        if (asked.schedule() == null || !SCHEDULE.matcher(asked.schedule()).matches()) {
            throw invalid("Invalid schedule expression: " + asked.schedule());
        }
        ScalableTargetAction action = asked.scalableTargetAction();
        if (action == null || (action.minCapacity() == null && action.maxCapacity() == null)) {
            throw invalid("Scalable target action must specify minimum capacity or maximum capacity");
        }
        if (r.startTime() != null && r.endTime() != null && !r.endTime().isAfter(r.startTime())) {
            throw invalid("End time must be after start time");
        }
        store.put(asked);
    }

    private ScheduledAction fresh(PutScheduledActionRequest r) {
        return ScheduledAction.builder()
                .scheduledActionARN(context.arn(
                        "autoscaling",
                        "scheduledAction:" + context.hex(32) + ":resource/" + r.serviceNamespaceAsString() + "/"
                                + r.resourceId() + ":scheduledActionName/" + r.scheduledActionName()))
                .creationTime(context.now())
                .build();
    }

    private static @Nullable Instant seconds(@Nullable Instant time) {
        return time == null ? null : Instant.ofEpochSecond(time.getEpochSecond());
    }

    void removeAllOf(String target) {
        store.all().stream()
                .filter(a -> key(a).equals(target))
                .forEach(a -> store.remove(target + "/" + a.scheduledActionName()));
    }
}
