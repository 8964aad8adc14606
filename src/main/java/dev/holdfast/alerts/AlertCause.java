package dev.holdfast.alerts;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A problem in the present status that needs an alert.
 *
 * @param which distinguishes problems with the same key, so that a new problem is reported at once; null: the key has
 *     only one problem
 * @param message one line
 * @param patience how long the problem has to last before an alert is sent
 * @param repeat the time until the alert is sent again while the problem lasts
 */
record AlertCause(
        AlertMemory.AlertKey key,
        @Nullable String which,
        Alert.AlertSeverity severity,
        String message,
        Duration patience,
        Duration repeat) {
    AlertCause {
        // The message contains text of documents, AWS and people.
        message = SafeText.line(message);
    }

    AlertCause(
            AlertMemory.AlertKey key,
            @Nullable String which,
            Alert.AlertSeverity severity,
            String message,
            Duration patience) {
        this(key, which, severity, message, patience, AlertRules.REPEAT);
    }

    static final String DESIRED_STATE_UNREADABLE = "DesiredStateUnreadable";
    static final String NO_STACKS = "NoStacks";
    static final String CHANGE_EVENTS_UNREADABLE = "ChangeEventsUnreadable";
    static final String LEASE_UNREACHABLE = "LeaseUnreachable";
    static final String RESOURCE_FAILED = "ResourceFailed";
    static final String READ_FAILED = "ReadFailed";
    static final String ROLLOUT_FAILED = "RolloutFailed";
    static final String CONTESTED = "Contested";
    static final String UNEXPECTED = "Unexpected";
    static final String UNEXPECTED_CHILD = "UnexpectedChild";

    /** The lease has expired before, so that the alert is sent a minute after the last answer. */
    private static final Duration LEASE = Duration.ofSeconds(30);
    /** A failed pass is retried every 15 s. */
    private static final Duration PASS = Duration.ofMinutes(1);
    /** By then a resource has been tried about eight times, and its backoff has reached its maximum. */
    private static final Duration RESOURCE = Duration.ofMinutes(5);
    /** Longer than the time in which AWS may not show a new object yet. */
    private static final Duration READ = Duration.ofMinutes(15);

    /** Longer than the time without a change after which a synced prefix takes effect. */
    private static final Duration SETTLES = Duration.ofMinutes(2);

    /** Longer than a short failure of a queue, which loses nothing. */
    private static final Duration EVENTS = Duration.ofMinutes(10);

    /** Longer than the rollouts of a change take. */
    private static final Duration ACCESS = Duration.ofHours(1);

    /** By then the search has failed twice. */
    private static final Duration SEARCH = Duration.ofMinutes(10);

    static Map<AlertMemory.AlertKey, AlertCause> of(StackView view) {
        Map<AlertMemory.AlertKey, AlertCause> all = new LinkedHashMap<>();
        for (Condition condition : view.conditions()) {
            if (condition.type() != Condition.ConditionType.Paused
                    && !condition.reason().equals(StackView.DESIRED_STATE_CHANGING)) {
                add(all, ofStack(condition, view));
            }
        }
        Map<String, List<ResourceView>> wholePlan = new TreeMap<>();
        for (ResourceView resource : view.resources().values()) {
            if (heldAsAWhole(resource)) {
                Reason reason = resource.reason() == Reason.UpgradeHold ? Reason.UpgradeHold : Reason.LimitExceeded;
                wholePlan.computeIfAbsent(reason.name(), r -> new ArrayList<>()).add(resource);
            } else {
                AlertCause cause = ofResource(resource, view);
                if (cause != null) {
                    add(all, cause);
                }
            }
        }
        view.resources().values().forEach(resource -> HealthAlerts.of(resource).ifPresent(cause -> add(all, cause)));
        view.verdicts().forEach((step, verdict) -> accessInUse(step, verdict).ifPresent(cause -> add(all, cause)));
        Instant now = view.observedAt();
        if (now != null) {
            SupportAlerts.of(view.resources().values(), now).forEach(cause -> add(all, cause));
        }
        wholePlan.forEach((reason, held) -> add(all, held(reason, held, view)));
        unexpected(view, false).forEach((id, copies) -> add(all, ofCopies(id, copies)));
        unexpected(view, true).forEach((id, children) -> add(all, ofChildren(id, children)));
        return all;
    }

    /**
     * The unexpected objects, by resource: copies that carry the ownership of the resource.
     *
     * @param children whether to find the objects that are attached to the resource, instead of the copies
     */
    private static Map<ResourceId, Set<String>> unexpected(StackView view, boolean children) {
        Map<ResourceId, Set<String>> found = new TreeMap<>();
        for (DriftItem item : view.drift()) {
            ResourceView resource = view.resources().get(item.resource());
            boolean open =
                    item.type() == DriftItem.DriftType.Unexpected && item.state() != DriftItem.DriftState.Repaired;
            if (open
                    && item.isChild() == children
                    && (resource == null || !Objects.equals(resource.physicalId(), item.physicalId()))) {
                found.computeIfAbsent(item.resource(), r -> new TreeSet<>()).add(String.valueOf(item.physicalId()));
            }
        }
        return found;
    }

    private static AlertCause ofChildren(ResourceId id, Set<String> children) {
        String ids = String.join(", ", children);
        return new AlertCause(
                new AlertMemory.AlertKey(id, UNEXPECTED_CHILD),
                ids,
                Alert.AlertSeverity.Warning,
                ids + ": is attached to " + id
                        + ", and no document declares it. Holdfast does not delete it: declare it, or delete it in AWS",
                Duration.ZERO);
    }

    private static AlertCause ofCopies(ResourceId id, Set<String> copies) {
        String ids = String.join(", ", copies);
        return new AlertCause(
                new AlertMemory.AlertKey(id, UNEXPECTED),
                ids,
                Alert.AlertSeverity.Warning,
                ids + ": carries the ownership tags of " + id
                        + ", and neither a document nor a recorded replacement explains it. It is not deleted without"
                        + " an approval, and never if it may hold data. To keep it, remove its tag holdfast:stack",
                Duration.ZERO);
    }

    private static void add(Map<AlertMemory.AlertKey, AlertCause> all, AlertCause cause) {
        all.put(cause.key(), cause);
    }

    /** Access that nobody desires stays in force while a resource that may use it never becomes ready. */
    private static Optional<AlertCause> accessInUse(Step step, Verdict verdict) {
        return verdict instanceof Verdict.Blocked blocked && blocked.isAccessInUse()
                ? Optional.of(of(
                        step.resource(),
                        blocked.reason().name(),
                        Alert.AlertSeverity.Warning,
                        "access that is no longer desired is not withdrawn: the withdrawal waits for " + blocked.on()
                                + ": " + blocked.message(),
                        ACCESS))
                : Optional.empty();
    }

    /** @param failure the reason why Holdfast cannot list the stacks of the desired state */
    static AlertCause unreadable(String location, String failure) {
        return critical(
                DESIRED_STATE_UNREADABLE,
                "Holdfast cannot list the stacks of the desired state at " + location + ": " + failure
                        + "; until then it finds no new stacks, and after a restart it repairs nothing",
                PASS);
    }

    /** @param failure the reason why Holdfast cannot read the queue of change events */
    static AlertCause withoutEvents(String failure) {
        return warning(
                CHANGE_EVENTS_UNREADABLE,
                "change events do not arrive: " + failure
                        + "; until then only the passes find drift, later and without its author",
                EVENTS);
    }

    static AlertCause withoutStacks(String location) {
        return critical(
                NO_STACKS,
                "there is no stack in the desired state at " + location + "; Holdfast reads and writes nothing",
                SETTLES);
    }

    /** @param leases the stacks whose lease this process can neither read nor renew, and why */
    static AlertCause withoutLease(SortedMap<String, String> leases) {
        String causes = String.join("; ", new TreeSet<>(leases.values()));
        return critical(
                LEASE_UNREACHABLE,
                "this operator can neither read nor renew the lease of " + String.join(", ", leases.keySet()) + ": "
                        + causes + "; it writes nothing to a stack without its lease. Another replica takes the stack"
                        + " over, if it can reach the lease",
                LEASE);
    }

    /** The reasons of alerts of the whole stack that the view cannot end, because the read that decides is missing. */
    static Set<String> undecided(StackView view) {
        Set<String> undecided = new TreeSet<>();
        if (view.plan() == null) {
            undecided.addAll(Set.of(StackView.GUARDRAILS_OUTDATED, StackView.ORPHAN_SEARCH_FAILED));
        }
        if (view.guardrails() instanceof GuardrailsState.UnreadableGuardrails) {
            // A process that has never read the guardrails has no outdated ones.
            undecided.add(StackView.GUARDRAILS_OUTDATED);
        }
        boolean unread = view.resources().values().stream().anyMatch(r -> r.status() == Status.Unknown);
        if (view.plan() == null || unread) {
            // The steps of a resource that cannot be read stay held until a read has shown the resource.
            undecided.addAll(Set.of(Reason.LimitExceeded.name(), Reason.UpgradeHold.name()));
        }
        if (view.conditions().stream().anyMatch(c -> c.reason().equals(StackView.DESIRED_STATE_CHANGING))) {
            undecided.addAll(Set.of(StackView.REVISION_REFUSED, StackView.UNMANAGED));
        }
        return undecided;
    }

    private static AlertCause ofStack(Condition condition, StackView view) {
        String reason = condition.reason();
        String message = condition.message() == null ? reason : condition.message();
        return switch (reason) {
            case StackView.PASS_FAILED -> critical(reason, message, PASS);
            // The failure may end without a person, and the former guardrails are in force.
            case StackView.GUARDRAILS_OUTDATED -> critical(reason, message, PASS);
            case StackView.ORPHAN_SEARCH_FAILED -> warning(reason, message, SEARCH);
            case StackView.REVISION_REFUSED -> refusedRevision(reason, message, view);
            default -> critical(reason, message, Duration.ZERO);
        };
    }

    /** The errors of a refused revision distinguish it from another refused revision. */
    private static AlertCause refusedRevision(String reason, String message, StackView view) {
        String all = view.revisionErrors().toString();
        return new AlertCause(
                new AlertMemory.AlertKey(null, reason),
                UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString(),
                Alert.AlertSeverity.Warning,
                message + refused(view),
                Duration.ZERO);
    }

    private static String refused(StackView view) {
        String kept = view.revision() == null ? "no revision is enforced" : "the last good revision stays enforced";
        return "; " + kept
                + view.revisionErrors().stream().limit(3).map(p -> "; " + p).collect(Collectors.joining());
    }

    /** These reasons hold every step of a plan for one cause, so they raise one alert for the whole stack. */
    private static boolean heldAsAWhole(ResourceView resource) {
        return resource.status() == Status.AwaitingApproval
                && (resource.reason() == Reason.UpgradeHold
                        || resource.reason() == Reason.LimitExceeded
                        || resource.reason() == Reason.PlanOverLimit);
    }

    private static AlertCause held(String reason, List<ResourceView> held, StackView view) {
        // Only the steps over the limit name the limit; the other steps wait for them.
        String why = String.valueOf(held.stream()
                .filter(r -> r.reason() != Reason.PlanOverLimit)
                .findFirst()
                .orElse(held.getFirst())
                .message());
        String who = held.stream()
                .limit(AlertBatcher.NAMED)
                .map(r -> r.id().toString())
                .collect(Collectors.joining(", "));
        String more = held.size() > AlertBatcher.NAMED ? " and " + (held.size() - AlertBatcher.NAMED) + " more" : "";
        return warning(
                reason,
                "an approval is needed: " + view.heldSteps().words() + "; " + why + ". Resources: " + who + more
                        + ". The plan shows the hashes to approve",
                Duration.ZERO);
    }

    private static @Nullable AlertCause ofResource(ResourceView resource, StackView view) {
        String said = (resource.message() == null ? "" : resource.message()) + approval(resource, view);
        String reason = resource.reason() == null
                ? resource.status().name()
                : resource.reason().name();
        return switch (resource.status()) {
            case Stalled -> stalled(resource, said);
            case AwaitingApproval ->
                resource.reason() == Reason.UnexpectedCopy
                        ? null // Its drift item raises the alert.
                        : of(resource.id(), reason, Alert.AlertSeverity.Warning, said, Duration.ZERO);
            case Failed ->
                of(
                        resource.id(),
                        RESOURCE_FAILED,
                        Alert.AlertSeverity.Warning,
                        reason + ": " + said,
                        // Only a person can fix these.
                        resource.reason() == Reason.DENIED || resource.reason() == Reason.QUOTA
                                ? Duration.ZERO
                                : RESOURCE);
            case Unknown -> unknown(resource, reason, said);
            case Drifted ->
                resource.reason() == Reason.Contested
                        ? of(
                                resource.id(),
                                CONTESTED,
                                Alert.AlertSeverity.Warning,
                                "another principal reverts the resource repeatedly; Holdfast repairs it"
                                        + " with longer pauses",
                                Duration.ZERO)
                        : null;
            case Orphaned, Progressing, Waiting, Paused, Pending, Synced -> null;
        };
    }

    private static AlertCause unknown(ResourceView resource, String reason, String said) {
        if (resource.reason() == Reason.UnexpectedCopy) {
            // The same pass usually reads the references of the resource and then decides.
            return of(resource.id(), UNEXPECTED, Alert.AlertSeverity.Warning, said, PASS);
        }
        return of(
                resource.id(),
                READ_FAILED,
                Alert.AlertSeverity.Warning,
                reason + ": " + said,
                // Only a person can fix this.
                resource.reason() == Reason.UnexpectedException ? Duration.ZERO : READ);
    }

    /** The hashes to approve, for a person who reads only the alert and not the plan. */
    private static String approval(ResourceView resource, StackView view) {
        String hashes = view.verdicts().entrySet().stream()
                .filter(e -> e.getKey().resource().equals(resource.id())
                        && e.getValue() instanceof Verdict.Held held
                        && held.approvable())
                .map(e -> e.getKey().hash())
                .collect(Collectors.joining(" "));
        return hashes.isEmpty() ? "" : "; approve " + hashes;
    }

    private static AlertCause stalled(ResourceView resource, String said) {
        Reason reason = resource.reason();
        if (reason == Reason.RolloutHeld) {
            return of(resource.id(), ROLLOUT_FAILED, Alert.AlertSeverity.Critical, said, Duration.ZERO);
        }
        Alert.AlertSeverity severity =
                reason == Reason.LostStateful ? Alert.AlertSeverity.Critical : Alert.AlertSeverity.Warning;
        String key = reason == null ? resource.status().name() : reason.name();
        return of(resource.id(), key, severity, said, Duration.ZERO);
    }

    /** An alert that concerns no single resource. */
    private static AlertCause critical(String reason, String message, Duration patience) {
        return of(null, reason, Alert.AlertSeverity.Critical, message, patience);
    }

    /** An alert that concerns no single resource. */
    private static AlertCause warning(String reason, String message, Duration patience) {
        return of(null, reason, Alert.AlertSeverity.Warning, message, patience);
    }

    /** @param id null: the alert concerns no single resource */
    static AlertCause of(
            @Nullable ResourceId id, String reason, Alert.AlertSeverity severity, String message, Duration patience) {
        return new AlertCause(new AlertMemory.AlertKey(id, reason), null, severity, message, patience);
    }
}
