package dev.holdfast.alerts;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import dev.holdfast.model.Status;
import dev.holdfast.plan.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A problem that the current status shows and that calls for an alert.
 *
 * @param which distinguishes two problems with the same key, so that a new one is reported at once; null: the key has
 *     only one
 * @param message one line
 * @param patience how long the problem has to last before an alert is sent
 * @param repeat how often it is told again while it lasts
 */
record AlertCause(
        AlertMemory.AlertKey key,
        @Nullable String which,
        Alert.AlertSeverity severity,
        String message,
        Duration patience,
        Duration repeat) {
    AlertCause {
        // It contains words of documents, of AWS and of people.
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

    static final String RESOURCE_FAILED = "ResourceFailed";
    static final String READ_FAILED = "ReadFailed";
    static final String ROLLOUT_FAILED = "RolloutFailed";
    static final String CONTESTED = "Contested";
    static final String UNEXPECTED = "Unexpected";
    static final String UNEXPECTED_CHILD = "UnexpectedChild";

    /** A failed pass is retried every 15 s. */
    private static final Duration PASS = Duration.ofMinutes(1);
    /** By then a resource has been tried about eight times, and its backoff has reached its maximum. */
    private static final Duration RESOURCE = Duration.ofMinutes(5);
    /** Longer than the time in which AWS may not show a new object yet. */
    private static final Duration READ = Duration.ofMinutes(15);

    /** Longer than a prefix that somebody syncs has to stay the same before it takes effect. */
    private static final Duration SETTLES = Duration.ofMinutes(2);

    /** Longer than a short failure of a queue, which loses nothing. */
    private static final Duration EVENTS = Duration.ofMinutes(10);

    /** By then the search has failed twice. */
    private static final Duration SEARCH = Duration.ofMinutes(10);

    static Map<AlertMemory.AlertKey, AlertCause> of(StackView view) {
        Map<AlertMemory.AlertKey, AlertCause> all = new LinkedHashMap<>();
        for (Condition condition : view.conditions()) {
            if (condition.type() != Condition.ConditionType.Paused) {
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
     * The objects that carry the ownership of a resource and are not the resource, by resource.
     *
     * @param children those that hang at the resource instead
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
                ids + ": hangs at " + id
                        + ", and no document declares it. It stays as it is: declare it, or delete it in AWS",
                Duration.ZERO);
    }

    private static AlertCause ofCopies(ResourceId id, Set<String> copies) {
        String ids = String.join(", ", copies);
        return new AlertCause(
                new AlertMemory.AlertKey(id, UNEXPECTED),
                ids,
                Alert.AlertSeverity.Warning,
                ids + ": carries the ownership tags of " + id
                        + ", and neither a document nor a recorded replacement explains it. It is not deleted without an"
                        + " approval, and never where it may hold data. To keep it, remove its tag holdfast:stack",
                Duration.ZERO);
    }

    private static void add(Map<AlertMemory.AlertKey, AlertCause> all, AlertCause cause) {
        all.put(cause.key(), cause);
    }

    /** @param failure why the stacks of the desired state cannot be listed */
    static AlertCause unreadable(String location, String failure) {
        return of(
                null,
                "DesiredStateUnreadable",
                Alert.AlertSeverity.Critical,
                "the stacks of the desired state at " + location + " cannot be listed: " + failure
                        + "; new stacks are not noticed, and after a restart nothing is repaired until they can",
                PASS);
    }

    /** @param failure why the queue of change events cannot be read */
    static AlertCause withoutEvents(String failure) {
        return of(
                null,
                "ChangeEventsUnreadable",
                Alert.AlertSeverity.Warning,
                "change events do not arrive: " + failure
                        + "; drift is found by the passes alone, later and without its author, until they do",
                EVENTS);
    }

    static AlertCause withoutStacks(String location) {
        return of(
                null,
                "NoStacks",
                Alert.AlertSeverity.Critical,
                "there is no stack in the desired state at " + location + "; nothing is read, and nothing is written",
                SETTLES);
    }

    private static AlertCause ofStack(Condition condition, StackView view) {
        String reason = condition.reason();
        String message = condition.message() == null ? reason : condition.message();
        return switch (reason) {
            case StackView.PASS_FAILED -> of(null, reason, Alert.AlertSeverity.Critical, message, PASS);
            // It may pass by itself, and the guardrails are in force.
            case StackView.GUARDRAILS_OUTDATED -> of(null, reason, Alert.AlertSeverity.Critical, message, PASS);
            case StackView.ORPHAN_SEARCH_FAILED -> of(null, reason, Alert.AlertSeverity.Warning, message, SEARCH);
            case "RevisionRefused" -> refusedRevision(reason, message, view);
            default -> of(null, reason, Alert.AlertSeverity.Critical, message, Duration.ZERO);
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
        // Those over the limit say which limit; the others only wait for them.
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
        return of(
                null,
                reason,
                Alert.AlertSeverity.Warning,
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
                        ? null // told by its drift item
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
                                "somebody changes the resource back again and again; Holdfast keeps repairing it, with longer pauses",
                                Duration.ZERO)
                        : null;
            case Orphaned, Progressing, Waiting, Paused, Pending, Synced -> null;
        };
    }

    private static AlertCause unknown(ResourceView resource, String reason, String said) {
        if (resource.reason() == Reason.UnexpectedCopy) {
            // The references of a resource are read in the same pass, and then it is decided.
            return of(resource.id(), UNEXPECTED, Alert.AlertSeverity.Warning, said, PASS);
        }
        return of(
                resource.id(),
                READ_FAILED,
                Alert.AlertSeverity.Warning,
                reason + ": " + said,
                // It does not pass by itself.
                resource.reason() == Reason.UnexpectedException ? Duration.ZERO : READ);
    }

    /** The hashes to approve, for a person who reads the alert and not the plan. */
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

    private static AlertCause of(
            @Nullable ResourceId id, String reason, Alert.AlertSeverity severity, String message, Duration patience) {
        return new AlertCause(new AlertMemory.AlertKey(id, reason), null, severity, message, patience);
    }
}
