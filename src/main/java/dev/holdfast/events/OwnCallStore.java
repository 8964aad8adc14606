package dev.holdfast.events;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.aws.OwnCalls;
import dev.holdfast.model.DueTime;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import dev.holdfast.store.ObjectStore.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the request ids of our writes in the state, so that another replica, or this process after a restart,
 * recognises their events. An installation has one such object. It is written at most once in {@link #EVERY}, and only
 * while Holdfast writes to AWS.
 */
final class OwnCallStore {
    static final Duration EVERY = Duration.ofSeconds(10);

    static final String KEY = "own-calls.json";
    /** The maximum number of calls. Newer calls displace older ones, because an event arrives within seconds. */
    private static final int MOST = 5_000;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final ObjectStore store;
    private final OwnCalls calls;
    private final Clock clock;
    private final Map<String, Instant> unkept = new HashMap<>();
    private DueTime next = DueTime.NOW;

    OwnCallStore(ObjectStore store, OwnCalls calls, Clock clock) {
        this.store = store;
        this.calls = calls;
        this.clock = clock;
    }

    /** Learns the calls of other processes. An unreadable object counts as empty. */
    void load() {
        calls.learn(read(stored()));
    }

    /** Writes the calls since the last time, if {@link #EVERY} is over. */
    void keepIfDue() {
        if (next.isDue(clock.instant())) {
            keep();
        }
    }

    /** Writes the calls since the last time. After a lost race, the next call writes them. */
    void keep() {
        unkept.putAll(calls.takeFresh());
        if (unkept.isEmpty()) {
            return;
        }
        next = DueTime.after(clock.instant(), EVERY);
        Stored stored = stored();
        Map<String, Instant> all = read(stored);
        calls.learn(all);
        all.putAll(unkept);
        try {
            store.putIf(KEY, bytes(all), stored == null ? null : stored.etag());
            unkept.clear();
        } catch (PreconditionFailedException e) {
            next = DueTime.NOW;
        }
    }

    /** An object that is too large is removed, because no process can read it, and events must not wait for it. */
    private @Nullable Stored stored() {
        try {
            return store.get(KEY);
        } catch (ObjectStore.TooLargeException e) {
            store.delete(KEY);
            return null;
        }
    }

    private byte[] bytes(Map<String, Instant> all) {
        Instant now = clock.instant();
        Instant horizon = now.minus(OwnCalls.KEPT);
        // Calls from before the clock went back must not displace all newer ones.
        all.replaceAll((id, at) -> at.isAfter(now) ? now : at);
        Map<String, String> newest = new LinkedHashMap<>();
        all.entrySet().stream()
                .filter(call -> call.getValue().isAfter(horizon))
                .sorted(Map.Entry.<String, Instant>comparingByValue().reversed())
                .limit(MOST)
                .forEach(call -> newest.put(call.getKey(), call.getValue().toString()));
        return JSON.valueToTree(newest).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Instant> read(@Nullable Stored stored) {
        Map<String, Instant> calls = new TreeMap<>();
        if (stored == null) {
            return calls;
        }
        try {
            JSON.readValue(stored.content(), new TypeReference<Map<String, String>>() {})
                    .forEach((id, at) -> calls.put(id, Instant.parse(at)));
        } catch (IOException | DateTimeException e) {
            // Another version wrote the object, and the next write replaces it. Until then, only this process's own
            // record identifies our calls.
            calls.clear();
        }
        return calls;
    }
}
