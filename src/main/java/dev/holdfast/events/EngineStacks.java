package dev.holdfast.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.DueTime;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.Stored;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of an engine. A stack that another replica holds is known by its last view in the state, which is read at
 * most once a minute. Used by one thread.
 */
public final class EngineStacks implements EventStacks {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private record KeptStack(
            Instant at, @Nullable String etag, @Nullable KnownStack stack) {}

    private final Engine engine;
    private final ObjectStore state;
    private final Clock clock;
    private final Map<String, KeptStack> kept = new HashMap<>();

    public EngineStacks(Engine engine, ObjectStore state, Clock clock) {
        this.engine = engine;
        this.state = state;
        this.clock = clock;
    }

    @Override
    public List<KnownStack> known() {
        List<KnownStack> all = new ArrayList<>();
        for (Map.Entry<String, StackReconciler> entry : engine.stacks().entrySet()) {
            KnownStack known = engine.holds(entry.getKey())
                    ? KnownStack.of(entry.getValue().view())
                    : ofAnother(entry.getKey());
            if (known != null) {
                all.add(known);
            }
        }
        return all;
    }

    private @Nullable KnownStack ofAnother(String stack) {
        KeptStack last = kept.get(stack);
        Instant now = clock.instant();
        if (last == null || DueTime.after(last.at(), AGAIN).isDue(now)) {
            Stored stored = state.get("stacks/" + stack + "/view.json");
            last = stored != null && last != null && stored.etag().equals(last.etag())
                    ? new KeptStack(now, last.etag(), last.stack())
                    : new KeptStack(now, stored == null ? null : stored.etag(), read(stack, stored));
            kept.put(stack, last);
        }
        return last.stack();
    }

    private static @Nullable KnownStack read(String stack, @Nullable Stored stored) {
        if (stored == null) {
            return null;
        }
        try {
            JsonNode view = JSON.readTree(stored.content());
            return KnownStack.of(stack, view);
        } catch (IOException e) {
            // Another version wrote the view: the replica that holds the stack finds the changes, at the latest in its
            // next pass.
            return null;
        }
    }

    @Override
    public void changed(String stack, List<ChangeHint> changes) {
        engine.changed(stack, changes);
    }

    @Override
    public void readable(boolean yes) {
        engine.eventsReadable(yes);
    }
}
