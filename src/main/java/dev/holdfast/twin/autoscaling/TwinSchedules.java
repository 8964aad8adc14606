package dev.holdfast.twin.autoscaling;

import static dev.holdfast.twin.autoscaling.TwinAutoScaling.invalid;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinTable;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ScheduledAction;

/**
 * The scheduled actions; none of them is ever carried out.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html">PutScheduledAction</a>
 */
final class TwinSchedules {
    private static final Pattern SCHEDULE = Pattern.compile("(at|cron|rate)\\(.+\\)");
    private static final Pattern NAME = Pattern.compile("[^:/|]{1,256}");

    private final TwinContext context;
    private final TwinTable<ScheduledAction> actions;

    TwinSchedules(TwinContext context) {
        this.context = context;
        this.actions = new TwinTable<>(context);
    }

    List<ScheduledAction> all() {
        return actions.all();
    }

    List<ScheduledAction> visible() {
        return actions.visible();
    }

    /** What an update does not say stays, but for the times, which go. */
    void put(PutScheduledActionRequest r) {
        String name = String.valueOf(r.scheduledActionName());
        if (r.scheduledActionName() == null || !NAME.matcher(name).matches()) {
            throw invalid("1 validation error detected: Value '" + r.scheduledActionName()
                    + "' at 'scheduledActionName' failed to satisfy constraint");
        }
        String key = key(r.serviceNamespaceAsString(), r.resourceId(), r.scalableDimensionAsString(), name);
        ScheduledAction old = actions.get(key);
        String schedule = or(r.schedule(), old == null ? null : old.schedule());
        if (schedule == null || !SCHEDULE.matcher(schedule).matches()) {
            throw invalid("Invalid schedule expression: " + schedule);
        }
        var action = r.scalableTargetAction() != null
                ? r.scalableTargetAction()
                : old == null ? null : old.scalableTargetAction();
        if (action == null || (action.minCapacity() == null && action.maxCapacity() == null)) {
            throw invalid("Scalable target action must specify minimum capacity or maximum capacity");
        }
        if (r.startTime() != null && r.endTime() != null && !r.endTime().isAfter(r.startTime())) {
            throw invalid("End time must be after start time");
        }
        actions.put(
                key,
                ScheduledAction.builder()
                        .scheduledActionName(name)
                        .scheduledActionARN(
                                old == null
                                        ? context.arn(
                                                "autoscaling",
                                                "scheduledAction:" + context.hex(32) + ":resource/"
                                                        + r.serviceNamespaceAsString() + "/" + r.resourceId()
                                                        + ":scheduledActionName/" + name)
                                        : old.scheduledActionARN())
                        .serviceNamespace(r.serviceNamespaceAsString())
                        .resourceId(r.resourceId())
                        .scalableDimension(r.scalableDimensionAsString())
                        .schedule(schedule)
                        .timezone(or(r.timezone(), old == null ? null : old.timezone()))
                        .startTime(seconds(r.startTime()))
                        .endTime(seconds(r.endTime()))
                        .scalableTargetAction(action)
                        .creationTime(old == null ? context.now() : old.creationTime())
                        .build());
    }

    private static @Nullable Instant seconds(@Nullable Instant time) {
        return time == null ? null : Instant.ofEpochSecond(time.getEpochSecond());
    }

    private static @Nullable String or(@Nullable String said, @Nullable String before) {
        return said == null ? before : said;
    }

    /** @return whether there was one */
    boolean remove(
            @Nullable String namespace,
            @Nullable String resourceId,
            @Nullable String dimension,
            @Nullable String name) {
        return actions.remove(key(namespace, resourceId, dimension, name)) != null;
    }

    void removeAllOf(ScalableTarget target) {
        for (ScheduledAction a : actions.all()) {
            if (a.serviceNamespace() == target.serviceNamespace()
                    && a.resourceId().equals(target.resourceId())
                    && a.scalableDimension() == target.scalableDimension()) {
                remove(
                        a.serviceNamespaceAsString(),
                        a.resourceId(),
                        a.scalableDimensionAsString(),
                        a.scheduledActionName());
            }
        }
    }

    private static String key(
            @Nullable String namespace,
            @Nullable String resourceId,
            @Nullable String dimension,
            @Nullable String name) {
        return TwinAutoScaling.key(namespace, resourceId, dimension) + "/" + name;
    }
}
