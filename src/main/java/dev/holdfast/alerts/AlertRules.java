package dev.holdfast.alerts;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.EngineConstants;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.DueTime;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which alerts of a stack are sent: each alert once, again every 4 hours while its problem persists, and once
 * more when the problem is over. Pure.
 *
 * <p>An alert is over only if the status proves it: a failed read, a failed pass or a revision that cannot be read ends
 * no alert.
 */
final class AlertRules {
    static final Duration REPEAT = Duration.ofHours(4);
    static final String DRIFT_REPAIRED = "DriftRepaired";

    /** @param alerts the alerts to send, in order */
    record AlertUpdate(AlertMemory memory, List<Alert> alerts) {}

    private final @Nullable String stack;
    private final @Nullable StackView view;
    private final Set<String> sinks;
    private final Instant now;
    private final Map<AlertMemory.AlertKey, AlertCause> causes;
    /** The reasons of the alerts of the whole stack, or of the installation, that must not end now. */
    private final Set<String> undecided;

    private final Map<AlertMemory.AlertKey, AlertMemory.RememberedAlert> next = new LinkedHashMap<>();
    private final List<Alert> alerts = new ArrayList<>();

    private AlertRules(
            @Nullable StackView view,
            Map<AlertMemory.AlertKey, AlertCause> causes,
            Set<String> undecided,
            Set<String> sinks,
            Instant now) {
        this.stack = view == null ? null : view.name();
        this.view = view;
        this.sinks = sinks;
        this.now = now;
        this.causes = causes;
        this.undecided = undecided;
    }

    /** @param sinks the names of the sinks that the alerts go to */
    static AlertUpdate update(StackView view, AlertMemory memory, Set<String> sinks, Instant now) {
        AlertRules rules = new AlertRules(view, AlertCause.of(view), AlertCause.undecided(view), sinks, now);
        return rules.update(memory, () -> rules.repaired(view));
    }

    /**
     * Decides the alerts for problems of the installation as a whole.
     *
     * @param undecided the reasons of the alerts that must not end now
     */
    static AlertUpdate update(
            List<AlertCause> causes, Set<String> undecided, AlertMemory memory, Set<String> sinks, Instant now) {
        Map<AlertMemory.AlertKey, AlertCause> byKey = new LinkedHashMap<>();
        causes.forEach(cause -> byKey.put(cause.key(), cause));
        return new AlertRules(null, byKey, undecided, sinks, now).update(memory, () -> {});
    }

    private AlertUpdate update(AlertMemory memory, Runnable more) {
        Map<AlertMemory.AlertKey, AlertMemory.RememberedAlert> before =
                memory.notAfter(now).byKey();
        before.values().forEach(this::goOn);
        causes.values().stream()
                .filter(t -> !before.containsKey(t.key()) || isOver(before.get(t.key())))
                .forEach(t -> wrong(AlertMemory.RememberedAlert.seen(t, now), t));
        more.run();
        return new AlertUpdate(new AlertMemory(List.copyOf(next.values())), alerts);
    }

    private static boolean isOver(AlertMemory.@Nullable RememberedAlert entry) {
        return entry != null && entry.phase() == Alert.AlertPhase.Over;
    }

    private void goOn(AlertMemory.RememberedAlert entry) {
        if (entry.phase() == Alert.AlertPhase.Happened) {
            boolean shown = now.isBefore(
                    entry.since().plus(EngineConstants.REPAIRED_SHOWN).plus(REPEAT));
            if (shown) {
                keep(entry);
            }
            return;
        }
        if (isOver(entry)) {
            keep(entry);
            return;
        }
        AlertCause cause = causes.get(entry.key());
        if (cause != null) {
            boolean another = cause.which() != null && !cause.which().equals(entry.which());
            wrong(another ? AlertMemory.RememberedAlert.seen(cause, now) : entry.again(), cause);
        } else if (inDoubt(entry)) {
            keep(entry);
        } else if (entry.toldAt() != null) {
            quiet(entry.quiet(now));
        }
    }

    private void keep(AlertMemory.RememberedAlert entry) {
        next.put(entry.key(), entry);
    }

    private void wrong(AlertMemory.RememberedAlert entry, AlertCause cause) {
        if (entry.toldAt() == null) {
            if (!now.isBefore(entry.since().plus(cause.patience()))) {
                send(entry, Alert.AlertPhase.Began, cause.message());
            } else {
                keep(entry);
            }
        } else if (DueTime.after(entry.toldAt(), cause.repeat()).isDue(now)) {
            send(entry, Alert.AlertPhase.Lasts, cause.message());
        } else {
            keep(entry);
        }
    }

    private void quiet(AlertMemory.RememberedAlert entry) {
        Instant quietSince = entry.quietSince() == null ? now : entry.quietSince();
        if (now.isBefore(quietSince.plus(settles(entry)))) {
            keep(entry);
        } else {
            send(entry, Alert.AlertPhase.Over, entry.message());
        }
    }

    private void send(AlertMemory.RememberedAlert entry, Alert.AlertPhase phase, String message) {
        AlertMemory.RememberedAlert sent = entry.sent(phase, message, now, sinks);
        Alert alert = sent.alert(stack);
        if (alert != null) {
            alerts.add(alert);
        }
        if (phase != Alert.AlertPhase.Over || !sinks.isEmpty()) {
            keep(sent);
        }
    }

    /**
     * Holdfast repairs a contested resource with pauses. The contest is over when no other principal has reverted the
     * resource for this long.
     */
    private static Duration settles(AlertMemory.RememberedAlert entry) {
        return entry.reason().equals(AlertCause.CONTESTED) ? EngineConstants.CONTESTED_WITHIN : Duration.ZERO;
    }

    private boolean inDoubt(AlertMemory.RememberedAlert entry) {
        if (causes.containsKey(new AlertMemory.AlertKey(null, StackView.PASS_FAILED))) {
            return true;
        }
        ResourceId id = entry.resource();
        if (id == null || view == null) {
            return undecided.contains(entry.reason());
        }
        if (view.plan() == null) {
            return true;
        }
        ResourceView resource = view.resources().get(id);
        return resource != null && !saysEnough(resource, entry.reason());
    }

    /**
     * A failure or a refusal is over when the step has succeeded, not while Holdfast tries the step again. A restart
     * forgets which steps AWS refused. A resource that was not ready has to be ready, whatever its steps.
     */
    private static boolean saysEnough(ResourceView resource, String reason) {
        if (reason.equals(HealthAlerts.NOT_READY)) {
            return resource.isReady() || resource.status() == Status.Orphaned;
        }
        return switch (resource.status()) {
            case Unknown -> false;
            case Failed, Progressing, Waiting, Drifted, Pending ->
                !Set.of(AlertCause.RESOURCE_FAILED, Reason.Invalid.name(), Reason.NameTaken.name())
                        .contains(reason);
            case Orphaned, Stalled, AwaitingApproval, Paused, Synced -> true;
        };
    }

    /**
     * A repair of drift is reported at most once per resource in 4 hours. A resource that another principal reverts
     * repeatedly is contested, which has an alert of its own.
     */
    private void repaired(StackView view) {
        Map<ResourceId, DriftItem> latest = new TreeMap<>();
        for (DriftItem item : view.drift()) {
            if (item.state() == DriftItem.DriftState.Repaired && item.repairedAt() != null) {
                latest.merge(item.resource(), item, (a, b) -> repairedAt(a).isAfter(repairedAt(b)) ? a : b);
            }
        }
        latest.values().forEach(this::repaired);
    }

    private void repaired(DriftItem item) {
        Instant at = repairedAt(item);
        AlertMemory.RememberedAlert sent = next.get(new AlertMemory.AlertKey(item.resource(), DRIFT_REPAIRED));
        if (sent != null && at.isBefore(sent.since().plus(REPEAT))) {
            return;
        }
        String fields = item.fields().stream().map(FieldChange::words).limit(10).collect(Collectors.joining(", "));
        String change = switch (item.type()) {
            case Modified -> "the resource was changed outside Holdfast and has been repaired: " + fields;
            case Missing -> "the resource was deleted outside Holdfast and has been created again";
            case Unexpected ->
                item.physicalId() + " was not desired, and no longer exists or no longer has the ownership tags";
        };
        String what = change + (item.by() == null ? "" : "; by " + item.by().inWords());
        send(
                new AlertMemory.RememberedAlert(
                        item.resource(),
                        DRIFT_REPAIRED,
                        Alert.AlertSeverity.Notice,
                        what,
                        at,
                        null,
                        null,
                        null,
                        Set.of(),
                        null),
                Alert.AlertPhase.Happened,
                what);
    }

    private static Instant repairedAt(DriftItem item) {
        return item.repairedAt() == null ? item.firstSeen() : item.repairedAt();
    }
}
