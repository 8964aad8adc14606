package dev.holdfast.kinds.autoscaling;

import static dev.holdfast.kind.OwnershipForm.PARENT;

import dev.holdfast.kind.*;
import dev.holdfast.kinds.autoscaling.Scaling.ScalingName;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.DeleteScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ScheduledAction;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/**
 * Changes the bounds of a scalable target at set times. A scheduled action belongs to the scalable target. The changed
 * bounds are not restored to the values in the target's own document.
 */
@Singleton
public final class ScheduledActionKind extends DeclaredKind<ScheduledActionKind.Spec> {
    private static final Pattern SCHEDULE = Pattern.compile("(at|cron|rate)\\(.+\\)");

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html">PutScheduledAction</a> */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 256) String scheduledActionName,

            @Doc("The service that the scaled resource belongs to.") @Required @Immutable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource: the resourceId of its scalable target.")
            @Required
            @Immutable
            @Ref(value = "ScalableTarget", output = "resourceId")
            String resourceId,

            @Doc("The dimension that is scaled.") @Required @Immutable
            ScalableDimension scalableDimension,

            @Doc("The time: at(yyyy-mm-ddThh:mm:ss), rate(2 hours) or cron(0 8 ? * MON-FRI *).") @Required
            String schedule,

            @Doc("The time zone of at and cron, for example Europe/London; UTC if absent.")
            String timezone,

            @Doc("The start of the schedule, in UTC, for example 2026-01-31T08:00:00Z; at once if empty.") @EmptyIsNone
            String startTime,

            @Doc("The end of the schedule, in UTC; never if empty.") @EmptyIsNone
            String endTime,

            @Doc("The new bounds, one or both.") @Required ScheduledBounds scalableTargetAction)
            implements Scaling.OnScalableTarget {
        public Spec {
            startTime = instant(startTime);
            endTime = instant(endTime);
        }
    }

    /** New bounds; an absent bound is not changed. */
    public record ScheduledBounds(
            @Doc("The new minimum capacity.") Integer minCapacity,
            @Doc("The new maximum capacity.") Integer maxCapacity) {}

    /** AWS stores whole seconds. */
    private static @Nullable String instant(@Nullable String text) {
        return text == null ? null : parsed(text).map(Object::toString).orElse(text);
    }

    private static Optional<Instant> parsed(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant instant = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
            return Optional.of(Instant.ofEpochSecond(instant.getEpochSecond()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** PutScheduledAction returns no ARN: the id consists of the target's id and the name, which has no slash. */
    private static String physicalId(ScheduledAction action) {
        return Scaling.idOf(action) + "/" + action.scheduledActionName();
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("ScheduledAction", Spec.class, ApplicationAutoScalingClient.class, PARENT)
                .description("An action that changes the bounds of a scalable target at set times.")
                .<ScheduledAction>finds(Scaling.byName(
                        Scaling.PAGE,
                        Wanted::physicalName,
                        id -> new ScalingName(id.substring(0, id.indexOf('/')), Values.last(id, '/')),
                        (scaling, namespace, names) -> scaling.describeScheduledActionsPaginator(
                                        r -> r.serviceNamespace(namespace).scheduledActionNames(names))
                                .scheduledActions()))
                .id(ScheduledActionKind::physicalId)
                .name(ScheduledAction::scheduledActionName)
                .within(Spec::holds)
                .reads(Spec::timezone, action -> action.timezone() == null ? "UTC" : action.timezone())
                .createsIdentified(
                        PutScheduledActionRequest::builder,
                        ApplicationAutoScalingClient::putScheduledAction,
                        desired -> Scaling.idOf(desired) + "/" + desired.scheduledActionName())
                .overlays(PutScheduledActionRequest::builder, ApplicationAutoScalingClient::putScheduledAction)
                .deletes(DeleteScheduledActionRequest::builder, ApplicationAutoScalingClient::deleteScheduledAction)
                .state((known, action) -> known.createdAt(action.creationTime()))
                .output("arn", "The ARN of the action.", ScheduledAction::scheduledActionARN)
                .output("scheduledActionName", "The name of the action.", ScheduledAction::scheduledActionName)
                .info(Scaling::onTarget)
                .permissions(Scaling.permissions(
                        "application-autoscaling:PutScheduledAction", "application-autoscaling:DeleteScheduledAction"))
                .page("https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if (spec.schedule() != null && !SCHEDULE.matcher(spec.schedule()).matches()) {
            findings.wrong(
                    Spec::schedule,
                    "expected at(…), rate(…) or cron(…), found " + spec.schedule(),
                    "set schedule, for example to cron(0 8 ? * MON-FRI *)");
        }
        wrongTime(spec.startTime())
                .ifPresent(text ->
                        findings.wrong(Spec::startTime, text, "set startTime, for example to 2026-01-31T08:00:00Z"));
        wrongTime(spec.endTime())
                .ifPresent(text ->
                        findings.wrong(Spec::endTime, text, "set endTime, for example to 2026-01-31T08:00:00Z"));
        ScheduledBounds action = spec.scalableTargetAction();
        if (action != null && action.minCapacity() == null && action.maxCapacity() == null) {
            findings.wrong(
                    Spec::scalableTargetAction,
                    "expected minCapacity, maxCapacity or both",
                    "set minCapacity, maxCapacity or both");
        }
        if (action != null
                && action.minCapacity() != null
                && action.maxCapacity() != null
                && action.minCapacity() > action.maxCapacity()) {
            findings.wrong(
                    Spec::scalableTargetAction,
                    "expected a minCapacity of at most maxCapacity, " + action.maxCapacity() + ", found "
                            + action.minCapacity(),
                    "lower minCapacity, or raise maxCapacity");
        }
    }

    private static Optional<String> wrongTime(@Nullable String text) {
        return text == null || text.isEmpty() || parsed(text).isPresent()
                ? Optional.empty()
                : Optional.of("expected a time with its offset, found " + text);
    }
}
