package dev.holdfast.engine;

import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The drift report over time: what was found, what became of it, and for a day what was repaired. */
final class DriftLedger {
    private final Map<ResourceId, DriftItem> open = new TreeMap<>();
    private final List<DriftItem> repaired = new ArrayList<>();

    DriftLedger(List<DriftItem> remembered) {
        for (DriftItem item : remembered) {
            if (item.state() == DriftItem.DriftState.Repaired) {
                repaired.add(item);
            } else {
                open.put(item.resource(), item);
            }
        }
    }

    /** What a fresh read shows. @return whether it was not known before */
    boolean found(DriftItem item) {
        DriftItem last = open.get(item.resource());
        if (last == null || last.type() != item.type()) {
            open.put(item.resource(), item);
            return true;
        }
        open.put(
                item.resource(),
                last.with(merged(last.fields(), item.fields()))
                        .in(item.state() == DriftItem.DriftState.Detected ? last.state() : item.state()));
        return false;
    }

    /** What was seen stays in the report until all of it is over; a field that changed again shows its newest value. */
    private static List<FieldChange> merged(List<FieldChange> before, List<FieldChange> now) {
        Map<String, FieldChange> byPath = new TreeMap<>();
        before.forEach(f -> byPath.put(f.path(), f));
        now.forEach(f -> byPath.put(f.path(), f));
        return List.copyOf(byPath.values());
    }

    boolean isContested(ResourceId id) {
        DriftItem item = open.get(id);
        return item != null && item.state() == DriftItem.DriftState.Contested;
    }

    /** What is contested is so until it is over. */
    synchronized void state(ResourceId id, DriftItem.DriftState state) {
        open.computeIfPresent(id, (k, item) -> item.state() == DriftItem.DriftState.Contested ? item : item.in(state));
    }

    /** A fresh read shows no drift of this resource. @return whether there was one */
    boolean over(ResourceId id, Instant now) {
        DriftItem item = open.remove(id);
        if (item == null) {
            return false;
        }
        repaired.add(item.repaired(now));
        return true;
    }

    void expire(Instant now, Predicate<ResourceId> stillKnown) {
        Instant horizon = now.minus(EngineConstants.REPAIRED_SHOWN);
        repaired.removeIf(i -> i.repairedAt() == null || i.repairedAt().isBefore(horizon));
        open.keySet().removeIf(id -> !stillKnown.test(id));
    }

    List<DriftItem> items() {
        List<DriftItem> items = new ArrayList<>(open.values());
        repaired.stream()
                .sorted(Comparator.comparing(DriftItem::firstSeen).reversed())
                .forEach(items::add);
        return List.copyOf(items);
    }
}
