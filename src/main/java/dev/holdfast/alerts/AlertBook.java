package dev.holdfast.alerts;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.EngineConstants;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
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
 * Decides what is told of a stack: each thing once, again every 4 hours while it lasts, and once more when it is over. Pure.
 *
 * <p>What cannot be seen is not over: a failed read, a failed pass or a revision that cannot be read ends no alert.
 */
final class AlertBook {
    static final Duration REPEAT = Duration.ofHours(4);
    static final String DRIFT_REPAIRED = "DriftRepaired";

    /** @param alerts to send, in order */
    record Outcome(AlertMemory memory, List<Alert> alerts) {}

    private final StackView view;
    private final Set<String> sinks;
    private final Instant now;
    private final Map<AlertMemory.Key, Trouble> troubles;
    private final Map<AlertMemory.Key, AlertMemory.Entry> next = new LinkedHashMap<>();
    private final List<Alert> alerts = new ArrayList<>();

    private AlertBook(StackView view, Set<String> sinks, Instant now) {
        this.view = view;
        this.sinks = sinks;
        this.now = now;
        this.troubles = Trouble.of(view);
    }

    /** @param sinks who is to be told */
    static Outcome update(StackView view, AlertMemory memory, Set<String> sinks, Instant now) {
        AlertBook book = new AlertBook(view, sinks, now);
        Map<AlertMemory.Key, AlertMemory.Entry> before = memory.byKey();
        before.values().forEach(book::goOn);
        book.troubles.values().stream()
                .filter(t -> !before.containsKey(t.key()) || isOver(before.get(t.key())))
                .forEach(t -> book.wrong(AlertMemory.Entry.seen(t, now), t));
        book.repaired();
        return new Outcome(new AlertMemory(List.copyOf(book.next.values())), book.alerts);
    }

    private static boolean isOver(AlertMemory.@Nullable Entry entry) {
        return entry != null && entry.phase() == Alert.Phase.Over;
    }

    private void goOn(AlertMemory.Entry entry) {
        if (entry.phase() == Alert.Phase.Happened) {
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
        Trouble trouble = troubles.get(entry.key());
        if (trouble != null) {
            boolean another = trouble.which() != null && !trouble.which().equals(entry.which());
            wrong(another ? AlertMemory.Entry.seen(trouble, now) : entry.again(), trouble);
        } else if (inDoubt(entry)) {
            keep(entry);
        } else if (entry.toldAt() != null) {
            quiet(entry.quiet(now));
        }
    }

    private void keep(AlertMemory.Entry entry) {
        next.put(entry.key(), entry);
    }

    private void wrong(AlertMemory.Entry entry, Trouble trouble) {
        if (entry.toldAt() == null) {
            if (!now.isBefore(entry.since().plus(trouble.patience()))) {
                tell(entry, Alert.Phase.Began, trouble.message());
            } else {
                keep(entry);
            }
        } else if (!now.isBefore(entry.toldAt().plus(REPEAT))) {
            tell(entry, Alert.Phase.Lasts, trouble.message());
        } else {
            keep(entry);
        }
    }

    private void quiet(AlertMemory.Entry entry) {
        Instant quietSince = entry.quietSince() == null ? now : entry.quietSince();
        if (now.isBefore(quietSince.plus(settles(entry)))) {
            keep(entry);
        } else {
            tell(entry, Alert.Phase.Over, entry.message());
        }
    }

    private void tell(AlertMemory.Entry entry, Alert.Phase phase, String message) {
        AlertMemory.Entry told = entry.told(phase, message, now, sinks);
        Alert alert = told.alert(view.name());
        if (alert != null) {
            alerts.add(alert);
        }
        if (phase != Alert.Phase.Over || !sinks.isEmpty()) {
            keep(told);
        }
    }

    /** A contest pauses after each repair: it is over when that long nobody came back. */
    private static Duration settles(AlertMemory.Entry entry) {
        return entry.reason().equals(Trouble.CONTESTED) ? EngineConstants.CONTESTED_WITHIN : Duration.ZERO;
    }

    private boolean inDoubt(AlertMemory.Entry entry) {
        if (troubles.containsKey(new AlertMemory.Key(null, Trouble.PASS_FAILED))) {
            return true;
        }
        ResourceId id = entry.resource();
        if (id == null) {
            return false;
        }
        if (view.plan() == null) {
            return true;
        }
        ResourceView resource = view.resources().get(id);
        return resource != null && !saysEnough(resource, entry.reason());
    }

    /** A failure is over when what failed has gone well, not while it is being tried again. */
    private static boolean saysEnough(ResourceView resource, String reason) {
        return switch (resource.status()) {
            case Unknown -> false;
            case Failed, Progressing, Waiting, Drifted, Pending -> !reason.equals(Trouble.RESOURCE_FAILED);
            case Orphaned, Stalled, AwaitingApproval, Paused, Synced -> true;
        };
    }

    /** What was repaired is told once a resource within 4 hours: who fights on is contested. */
    private void repaired() {
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
        AlertMemory.Entry told = next.get(new AlertMemory.Key(item.resource(), DRIFT_REPAIRED));
        if (told != null && at.isBefore(told.since().plus(REPEAT))) {
            return;
        }
        String fields = item.fields().stream().map(FieldChange::path).limit(10).collect(Collectors.joining(", "));
        String what = switch (item.type()) {
            case Modified -> "it was changed by somebody else, and is again as desired: " + fields;
            case Missing -> "it was gone, and is there again";
            case Unexpected -> "it was there though nobody desired it, and is gone";
        };
        tell(
                new AlertMemory.Entry(
                        item.resource(),
                        DRIFT_REPAIRED,
                        Alert.Severity.Notice,
                        what,
                        at,
                        null,
                        null,
                        null,
                        Set.of(),
                        null),
                Alert.Phase.Happened,
                what);
    }

    private static Instant repairedAt(DriftItem item) {
        return item.repairedAt() == null ? item.firstSeen() : item.repairedAt();
    }
}
