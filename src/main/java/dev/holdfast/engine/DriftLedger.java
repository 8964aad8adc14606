package dev.holdfast.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Diff;
import dev.holdfast.state.StackMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The drift report: the drift that was found, its state, and for a day the repaired drift. Used by one thread. */
final class DriftLedger {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            // Derived values are not stored, because reading would fail on a member that the record does not have.
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    /** @param object the physical id of an unexpected object; empty: the resource itself */
    private record DriftSubject(ResourceId resource, String object) implements Comparable<DriftSubject> {
        static DriftSubject of(DriftItem item) {
            return new DriftSubject(
                    item.resource(),
                    item.type() == DriftItem.DriftType.Unexpected ? String.valueOf(item.physicalId()) : "");
        }

        @Override
        public int compareTo(DriftSubject other) {
            int byResource = resource.compareTo(other.resource);
            return byResource != 0 ? byResource : object.compareTo(other.object);
        }
    }

    private final Map<DriftSubject, DriftItem> open = new TreeMap<>();
    private final List<DriftItem> repaired = new ArrayList<>();

    /**
     * @param remembered what {@link #rememberIn} kept, or null
     * @param unreadable receives the reason if that cannot be read, so that the report begins empty
     */
    DriftLedger(@Nullable JsonNode remembered, Consumer<String> unreadable) {
        for (DriftItem item : read(remembered, unreadable)) {
            if (item.state() == DriftItem.DriftState.Repaired) {
                repaired.add(item);
            } else {
                open.put(DriftSubject.of(item), item);
            }
        }
    }

    /** The stored report. If it cannot be read, an event reports that it begins empty. */
    static DriftLedger of(SessionContext context) {
        return new DriftLedger(
                context.state().memory().drift(),
                reason -> context.events()
                        .add(
                                null,
                                Event.Severity.Warning,
                                "DriftReportUnreadable",
                                "the drift report in the state cannot be read, and begins empty: repaired drift is no longer"
                                        + " shown, and existing drift is reported as new (" + reason + ")"));
    }

    private static List<DriftItem> read(@Nullable JsonNode items, Consumer<String> unreadable) {
        if (items == null) {
            return List.of();
        }
        try {
            return Arrays.asList(MAPPER.treeToValue(items, DriftItem[].class));
        } catch (JsonProcessingException e) {
            // No decision depends on the report. If another version wrote it in another form, the report begins empty.
            unreadable.accept(e.getOriginalMessage());
            return List.of();
        }
    }

    StackMemory rememberIn(StackMemory memory) {
        JsonNode items = MAPPER.valueToTree(items());
        return memory.drift() == null && items.isEmpty() ? memory : memory.drift(items);
    }

    /**
     * Records the drift that a fresh read shows. The fields that no longer differ become a repaired item of their own,
     * so that they do not hide the remaining differences.
     *
     * @param differing paths of all fields that differ now, drifted or not
     * @return whether the read shows drift that was not known before
     */
    boolean found(DriftItem item, Set<String> differing) {
        DriftSubject subject = DriftSubject.of(item);
        DriftItem last = open.get(subject);
        if (last == null || last.type() != item.type()) {
            open.put(subject, item);
            return true;
        }
        Set<String> before = paths(last.fields());
        Set<String> now = paths(item.fields());
        List<FieldChange> fields = new ArrayList<>(item.fields());
        List<FieldChange> over = new ArrayList<>();
        for (FieldChange field : last.fields()) {
            if (!now.contains(field.path())) {
                (differing.contains(field.path()) ? fields : over).add(field);
            }
        }
        if (!over.isEmpty()) {
            repaired.add(last.with(over).repaired(item.firstSeen()));
        }
        boolean another = over.size() == last.fields().size() && !over.isEmpty();
        boolean goesOn =
                item.state() == DriftItem.DriftState.Detected && last.state() != DriftItem.DriftState.Contested;
        boolean fresh = !before.containsAll(now);
        DriftItem grown = last.with(List.copyOf(fields)).in(goesOn ? last.state() : item.state());
        ChangeAuthor author = item.by();
        boolean unattributed = fresh || last.by() == null;
        open.put(subject, another ? item : author != null && unattributed ? grown.by(author) : grown);
        return fresh;
    }

    private static Set<String> paths(List<FieldChange> fields) {
        return fields.stream().map(FieldChange::path).collect(Collectors.toUnmodifiableSet());
    }

    boolean isContested(ResourceId id) {
        DriftItem item = open.get(new DriftSubject(id, ""));
        return item != null && item.state() == DriftItem.DriftState.Contested;
    }

    /** A contested item is shown as contested while it is repaired. */
    void state(ResourceId id, DriftItem.DriftState state) {
        open.computeIfPresent(
                new DriftSubject(id, ""),
                (k, item) -> item.state() == DriftItem.DriftState.Contested ? item : item.in(state));
    }

    /**
     * Sets the author from an event that arrived after the drift was found. @return whether an item lacked its author
     */
    boolean witness(ResourceId id, ChangeAuthor by) {
        boolean found = false;
        for (Map.Entry<DriftSubject, DriftItem> entry : open.entrySet()) {
            DriftItem item = entry.getValue();
            if (entry.getKey().resource().equals(id) && lacksAuthor(item, by)) {
                entry.setValue(item.by(by));
                found = true;
            }
        }
        for (int i = 0; i < repaired.size(); i++) {
            DriftItem item = repaired.get(i);
            if (item.resource().equals(id) && lacksAuthor(item, by)) {
                repaired.set(i, item.by(by));
                found = true;
            }
        }
        return found;
    }

    private static boolean lacksAuthor(DriftItem item, ChangeAuthor by) {
        return item.by() == null && ChangeWitnesses.mayExplain(by, item.firstSeen());
    }

    /** Whether the difference contains none of the fields that the report shows for this resource. */
    boolean showsNoneOf(ResourceId id, Diff diff) {
        DriftItem item = open.get(new DriftSubject(id, ""));
        return item == null
                || item.fields().stream().noneMatch(f -> diff.paths().contains(f.path()));
    }

    /** The physical ids of the unexpected objects that carry the ownership of a resource. */
    Set<String> unexpected(ResourceId id) {
        return open.keySet().stream()
                .filter(s -> s.resource().equals(id) && !s.object().isEmpty())
                .map(DriftSubject::object)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * A fresh read shows no drift of this resource, or no longer shows an unexpected object.
     *
     * @param object the physical id of the unexpected object; empty: the resource itself
     * @return the item, if there was one
     */
    @Nullable
    DriftItem over(ResourceId id, String object, Instant now) {
        DriftItem item = open.remove(new DriftSubject(id, object));
        if (item != null) {
            repaired.add(item.repaired(now));
        }
        return item;
    }

    void expire(Instant now, Predicate<ResourceId> stillKnown) {
        Instant horizon = now.minus(EngineConstants.REPAIRED_SHOWN);
        repaired.removeIf(i -> i.repairedAt() == null || i.repairedAt().isBefore(horizon));
        open.keySet().removeIf(s -> !stillKnown.test(s.resource()));
    }

    List<DriftItem> items() {
        List<DriftItem> items = new ArrayList<>(open.values());
        repaired.stream()
                .sorted(Comparator.comparing(DriftItem::firstSeen).reversed())
                .forEach(items::add);
        return List.copyOf(items);
    }
}
