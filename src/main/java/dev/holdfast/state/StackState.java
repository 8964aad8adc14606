package dev.holdfast.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.aws.Fork;
import dev.holdfast.model.ResourceId;
import dev.holdfast.store.CompleteRecord;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state of one stack: one object for each resource, one for the stack, one for the revision that was enforced last.
 * The state is read once and then kept in memory. A change is written before it takes effect in memory; an equal value
 * is not written.
 */
public final class StackState {
    private static final String REVISION = "revision.json";
    private static final String HELD = "held.json";

    private record KeptSteps(List<HeldStep> steps) {
        static final KeptSteps NONE = new KeptSteps(List.of());
    }

    private final ObjectStore store;
    private final String prefix;
    private final Map<ResourceId, ResourceRecord> records = new ConcurrentHashMap<>();
    private final ReentrantLock memoryLock = new ReentrantLock();
    private StackMemory memory = StackMemory.NONE;
    private volatile @Nullable KeptRevision revision;
    private KeptSteps held = KeptSteps.NONE;
    private boolean lost;

    private StackState(ObjectStore store, String stack) {
        this.store = store;
        this.prefix = "stacks/" + stack + "/";
    }

    /** Reads everything. @throws UncheckedIOException if an object is not in the form in which it was written */
    public static StackState load(ObjectStore store, String stack, Fork fork) {
        StackState state = new StackState(store, stack);
        StackMemory memory = state.get(state.prefix + "stack.json", StackMemory.class);
        state.revision = state.get(state.prefix + REVISION, KeptRevision.class);
        KeptSteps held = state.get(state.prefix + HELD, KeptSteps.class);
        state.held = held == null ? KeptSteps.NONE : held;
        List<String> keys = store.list(state.prefix + "resources/");
        fork.all(keys, state::recordAt).forEach(r -> {
            if (r != null) {
                state.records.put(r.id(), r);
            }
        });
        state.memory = memory == null ? StackMemory.NONE : memory;
        state.lost = keys.isEmpty();
        return state;
    }

    private @Nullable ResourceRecord recordAt(String key) {
        ResourceRecord record = get(key, ResourceRecord.class);
        if (record != null && !key(record.id()).equals(key)) {
            throw damaged(store, key, new IOException("the object records " + record.id()));
        }
        return record;
    }

    /** The stacks that were enforced once, even if their desired state no longer exists. */
    public static Set<String> stacks(ObjectStore store) {
        Set<String> stacks = new TreeSet<>();
        for (String key : store.list("stacks/")) {
            String[] parts = key.split("/", -1);
            if (parts.length == 3 && parts[2].equals("stack.json")) {
                stacks.add(parts[1]);
            }
        }
        return stacks;
    }

    /** Whether no resource was recorded when the state was loaded: the stack is new, or its state is lost. */
    public boolean wasEmpty() {
        return lost;
    }

    public @Nullable ResourceRecord record(ResourceId id) {
        return records.get(id);
    }

    public Collection<ResourceRecord> records() {
        return List.copyOf(records.values());
    }

    /** Writes the record before it takes effect in memory. */
    public void save(ResourceRecord record) {
        if (record.equals(records.get(record.id()))) {
            return;
        }
        store.put(key(record.id()), bytes(record));
        records.put(record.id(), record);
    }

    /**
     * Keeps the record in the memory of this process alone, until the next {@link #save} of the resource. Never throws.
     */
    public void note(ResourceRecord record) {
        records.put(record.id(), record);
    }

    /**
     * Corrects the times of records that are later than now, because the clock went back since, in the memory of this
     * process alone.
     */
    public void correctTimes(Instant now) {
        records.replaceAll((id, record) -> RecordTimes.notAfter(now, record));
    }

    public void forget(ResourceId id) {
        if (records.containsKey(id)) {
            store.delete(key(id));
            records.remove(id);
        }
    }

    /**
     * Gives recorded resources new ids. A record that exists under the new id is overwritten. If the process dies in
     * between, a repetition does the rest.
     *
     * @param names former id → present id
     */
    public void rename(Map<ResourceId, ResourceId> names) {
        RenamedRecords renamed = new RenamedRecords(names);
        update(renamed::memory);
        for (ResourceRecord record : records()) {
            if (!names.containsValue(record.id())) {
                save(renamed.record(record));
            }
        }
        names.keySet().forEach(this::forget);
    }

    public StackMemory memory() {
        memoryLock.lock();
        try {
            return memory;
        } finally {
            memoryLock.unlock();
        }
    }

    /** Changes the record of the stack. A different value is written before it takes effect in memory. */
    public void update(UnaryOperator<StackMemory> change) {
        memoryLock.lock();
        try {
            StackMemory next = change.apply(memory);
            if (!next.equals(memory)) {
                store.put(prefix + "stack.json", bytes(next));
                memory = next;
            }
        } finally {
            memoryLock.unlock();
        }
    }

    /** The revision that was enforced last, by this or another process. */
    public @Nullable KeptRevision revision() {
        return revision;
    }

    /** Whether a step of the last plan waits for an approval. */
    public boolean holdsAny() {
        return !held.steps().isEmpty();
    }

    /** The steps of the last plan that wait for an approval. */
    public List<HeldStep> held() {
        return held.steps();
    }

    /** Keeps the revision. A different revision is written before it takes effect in memory. */
    public void keep(KeptRevision taken) {
        if (!taken.equals(revision)) {
            store.put(prefix + REVISION, bytes(taken));
            revision = taken;
        }
    }

    private String key(ResourceId id) {
        return prefix + "resources/" + id + ".json";
    }

    /** The steps of the last plan that wait for an approval; for processes that do not hold the stack. */
    public static List<HeldStep> heldSteps(ObjectStore store, String stack) {
        KeptSteps held = new StackState(store, stack).get("stacks/" + stack + "/" + HELD, KeptSteps.class);
        return held == null ? List.of() : held.steps();
    }

    /** Keeps the held steps; they are written only if they differ from the previous ones. */
    public void keepHeld(List<HeldStep> steps) {
        KeptSteps next = new KeptSteps(steps);
        if (!next.equals(held)) {
            store.put(prefix + HELD, bytes(next));
            held = next;
        }
    }

    private <T> @Nullable T get(String key, Class<T> type) {
        ObjectStore.Stored stored = store.get(key);
        return stored == null ? null : parse(store, key, stored, type);
    }

    static <T> T parse(ObjectStore store, String key, ObjectStore.Stored stored, Class<T> type) {
        try {
            return CompleteRecord.of(StoredJson.MAPPER.readValue(stored.content(), type));
        } catch (IOException e) {
            throw damaged(store, key, e);
        }
    }

    private static UncheckedIOException damaged(ObjectStore store, String key, IOException why) {
        return new UncheckedIOException(
                store.location(key) + " is not in the form that Holdfast wrote; move it away to start without it", why);
    }

    static byte[] bytes(Object value) {
        try {
            return StoredJson.MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
