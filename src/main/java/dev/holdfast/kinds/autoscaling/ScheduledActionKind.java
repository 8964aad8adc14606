package dev.holdfast.kinds.autoscaling;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kinds.autoscaling.Scaling.ScalableDimension;
import dev.holdfast.kinds.autoscaling.Scaling.ServiceNamespace;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.ScheduledAction;

/**
 * Moves the bounds of a scalable target at set times. It belongs to the scalable target, whose bounds are then not put back to
 * what its own document says.
 */
@Singleton
public final class ScheduledActionKind implements Kind<ScheduledActionKind.Spec> {
    /** As many names as DescribeScheduledActions takes and actions it gives a page. */
    private static final int NAMES = 50;

    private static final Pattern SCHEDULE = Pattern.compile("(at|cron|rate)\\(.+\\)");

    /** @see <a href="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html">PutScheduledAction</a> */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 256) @Nullable
            String scheduledActionName,

            @Doc("The service that the scaled resource belongs to.") @Required @Immutable @Nullable
            ServiceNamespace serviceNamespace,

            @Doc("The scaled resource, as its scalable target names it.")
            @Required
            @Immutable
            @Ref(value = "ScalableTarget", output = "resourceId")
            @Nullable
            String resourceId,

            @Doc("What of it is scaled.") @Required @Immutable @Nullable
            ScalableDimension scalableDimension,

            @Doc("When: at(yyyy-mm-ddThh:mm:ss), rate(2 hours) or cron(0 8 ? * MON-FRI *).") @Required @Nullable
            String schedule,

            @Doc("The time zone of at and cron, Europe/London; UTC if it is not said.") @Nullable
            String timezone,

            @Doc("When it begins, in UTC, 2026-01-31T08:00:00Z; empty: at once.") @Nullable
            String startTime,

            @Doc("When it ends, in UTC; empty: never.") @Nullable
            String endTime,

            @Doc("The bounds from then on; one of the two or both.") @Required @Nullable
            ScalableTargetAction scalableTargetAction) {
        public Spec {
            startTime = instant(startTime);
            endTime = instant(endTime);
        }
    }

    /** New bounds; the one that is not said stays as it is then. */
    public record ScalableTargetAction(
            @Doc("The least.") @Nullable Integer minCapacity,
            @Doc("The most.") @Nullable Integer maxCapacity) {}

    /** AWS keeps whole seconds. */
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

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("ScheduledAction", Spec.class, OwnershipForm.PARENT)
                .description("Moves the bounds of a scalable target at set times.")
                .output("arn", "Its ARN.")
                .output("scheduledActionName", "Its name.")
                .page("https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html")
                .fault(FaultRule.of("ConcurrentUpdateException", Fault.Category.CONFLICT))
                .fault(FaultRule.of(
                        "ObjectNotFoundException", "No scalable target registered", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("ObjectNotFoundException", Fault.Category.ABSENT))
                .permissions(Permissions.on("application-autoscaling:{region}:{account}:scalable-target/*")
                        .reads("application-autoscaling:DescribeScheduledActions")
                        .touches(
                                "application-autoscaling:PutScheduledAction",
                                "application-autoscaling:{region}:{account}:scalable-target/*")
                        .touches(
                                "application-autoscaling:DeleteScheduledAction",
                                "application-autoscaling:{region}:{account}:scalable-target/*"))
                .build();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if (spec.schedule() != null && !SCHEDULE.matcher(spec.schedule()).matches()) {
            findings.wrong(
                    Spec::schedule,
                    "expected at(…), rate(…) or cron(…), found " + spec.schedule(),
                    "as in cron(0 8 ? * MON-FRI *)");
        }
        wrongTime(spec.startTime())
                .ifPresent(text -> findings.wrong(Spec::startTime, text, "as in 2026-01-31T08:00:00Z"));
        wrongTime(spec.endTime()).ifPresent(text -> findings.wrong(Spec::endTime, text, "as in 2026-01-31T08:00:00Z"));
        ScalableTargetAction action = spec.scalableTargetAction();
        if (action != null && action.minCapacity() == null && action.maxCapacity() == null) {
            findings.wrong(
                    Spec::scalableTargetAction, "expected minCapacity, maxCapacity or both", "say what is to change");
        }
        if (action != null
                && action.minCapacity() != null
                && action.maxCapacity() != null
                && action.minCapacity() > action.maxCapacity()) {
            findings.wrong(
                    Spec::scalableTargetAction,
                    "expected a minCapacity of at most maxCapacity, " + action.maxCapacity() + ", found "
                            + action.minCapacity(),
                    "lower the one or raise the other");
        }
    }

    private static Optional<String> wrongTime(@Nullable String text) {
        return text == null || text.isEmpty() || parsed(text).isPresent()
                ? Optional.empty()
                : Optional.of("expected a time with its offset, found " + text);
    }

    /** The call that makes one answers with nothing, not even an ARN: it is known by where it is and its name, which has no slash. */
    private static String physicalId(
            @Nullable String namespace,
            @Nullable String resourceId,
            @Nullable String dimension,
            @Nullable String name) {
        return namespace + "/" + resourceId + "/" + dimension + "/" + name;
    }

    private static OnTarget.Named named(String physicalId) {
        return new OnTarget.Named(
                physicalId.substring(0, physicalId.indexOf('/')),
                physicalId.substring(physicalId.lastIndexOf('/') + 1));
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        OnTarget<Spec, ScheduledAction> onTarget = new OnTarget<>(
                scope.wanted(),
                spec -> new OnTarget.Place(spec.serviceNamespace(), spec.resourceId(), spec.scalableDimension()),
                a -> new OnTarget.Found(
                        physicalId(
                                a.serviceNamespaceAsString(),
                                a.resourceId(),
                                a.scalableDimensionAsString(),
                                a.scheduledActionName()),
                        a.scheduledActionName(),
                        a.serviceNamespaceAsString(),
                        a.resourceId(),
                        a.scalableDimensionAsString()));
        ApplicationAutoScalingClient scaling = scope.client(ApplicationAutoScalingClient.class);
        Map<ScheduledAction, ResourceId> owners = onTarget.owners(scope
                .parallel(
                        onTarget.batches(NAMES, ScheduledActionKind::named),
                        batch -> scaling
                                .describeScheduledActionsPaginator(r ->
                                        r.serviceNamespace(batch.namespace()).scheduledActionNames(batch.names()))
                                .scheduledActions()
                                .stream()
                                .toList())
                .stream()
                .flatMap(Collection::stream)
                .toList());
        return scope.each(
                owners.keySet(),
                a -> Identity.of(physicalId(
                                a.serviceNamespaceAsString(),
                                a.resourceId(),
                                a.scalableDimensionAsString(),
                                a.scheduledActionName()))
                        .named(a.scheduledActionName())
                        .belongingTo(owners.get(a)),
                ScheduledActionKind::observed);
    }

    private static Known<Spec> observed(ScheduledAction a, Identity identity) {
        var action = a.scalableTargetAction();
        Spec spec = new Spec(
                a.scheduledActionName(),
                Scaling.constant(ServiceNamespace.class, a.serviceNamespaceAsString()),
                a.resourceId(),
                Scaling.constant(ScalableDimension.class, a.scalableDimensionAsString()),
                a.schedule(),
                a.timezone() == null ? "UTC" : a.timezone(),
                a.startTime() == null ? "" : a.startTime().toString(),
                a.endTime() == null ? "" : a.endTime().toString(),
                action == null ? null : new ScalableTargetAction(action.minCapacity(), action.maxCapacity()));
        return Known.of(identity, spec)
                .output("arn", a.scheduledActionARN())
                .output("scheduledActionName", a.scheduledActionName())
                .createdAt(a.creationTime());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        ApplicationAutoScalingClient scaling = desired.client(ApplicationAutoScalingClient.class);
        Spec spec = desired.spec();
        scaling.putScheduledAction(r -> put(r, spec, null));
        return physicalId(
                Scaling.wire(spec.serviceNamespace()),
                spec.resourceId(),
                Scaling.wire(spec.scalableDimension()),
                spec.scheduledActionName());
    }

    /** The same call creates and updates; without times it takes them off, whoever set them. */
    @Override
    public void update(Change<Spec> change) {
        change.client(ApplicationAutoScalingClient.class)
                .putScheduledAction(r -> put(r, change.spec(), change.observed().spec()));
    }

    private static void put(PutScheduledActionRequest.Builder request, Spec spec, @Nullable Spec observed) {
        String start = Scaling.kept(spec.startTime(), observed == null ? null : observed.startTime());
        String end = Scaling.kept(spec.endTime(), observed == null ? null : observed.endTime());
        ScalableTargetAction there = observed == null ? null : observed.scalableTargetAction();
        ScalableTargetAction action = spec.scalableTargetAction();
        request.scheduledActionName(spec.scheduledActionName())
                .serviceNamespace(Scaling.wire(spec.serviceNamespace()))
                .resourceId(spec.resourceId())
                .scalableDimension(Scaling.wire(spec.scalableDimension()))
                .schedule(spec.schedule())
                .timezone(spec.timezone())
                .startTime(parsed(start).orElse(null))
                .endTime(parsed(end).orElse(null));
        if (action != null) {
            request.scalableTargetAction(a -> a.minCapacity(
                            Scaling.kept(action.minCapacity(), there == null ? null : there.minCapacity()))
                    .maxCapacity(Scaling.kept(action.maxCapacity(), there == null ? null : there.maxCapacity())));
        }
    }

    @Override
    public void delete(Observed<Spec> observed) {
        Spec spec = observed.spec();
        observed.client(ApplicationAutoScalingClient.class)
                .deleteScheduledAction(r -> r.scheduledActionName(spec.scheduledActionName())
                        .serviceNamespace(Scaling.wire(spec.serviceNamespace()))
                        .resourceId(spec.resourceId())
                        .scalableDimension(Scaling.wire(spec.scalableDimension())));
    }
}
