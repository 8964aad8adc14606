package dev.holdfast.state;

import dev.holdfast.aws.CallContext;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A store and a time that a test drives. Each holder's clocks have their own rate and offset. */
final class LeaseWorld {
    /** Where the connection of the next calls breaks, each once. */
    enum Cut {
        BEFORE,
        AFTER,
        AFTER_WRITE
    }

    /** A connection that broke. */
    static final class CutException extends IOException {
        final Cut where;

        private CutException(Cut where) {
            super("cut " + where);
            this.where = where;
        }
    }

    private final Map<String, ObjectStore.Stored> objects = new HashMap<>();
    private final Map<String, Duration> walls = new HashMap<>();
    private final List<CallContext> gates = new ArrayList<>();
    private final Memory store = new Memory();
    private long nanos;
    private long writes;
    private @Nullable Cut cut;
    private Runnable onTheWay = () -> {};

    Lease lease(String holder, Duration callTimeout) {
        return lease(holder, callTimeout, 1, 0);
    }

    /**
     * @param rate the rate of the holder's clocks
     * @param offset the offset of the holder's monotonic clock
     */
    Lease lease(String holder, Duration callTimeout, double rate, long offset) {
        return new Lease(store, "s", holder, callTimeout, wall(holder, rate), () -> offset + (long) (nanos * rate));
    }

    private Clock wall(String holder, double rate) {
        InstantSource time =
                () -> Instant.EPOCH.plusNanos((long) (nanos * rate)).plus(walls.getOrDefault(holder, Duration.ZERO));
        return time.withZone(ZoneOffset.UTC);
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    long nanos() {
        return nanos;
    }

    void wallOf(String holder, Duration ahead) {
        walls.put(holder, ahead);
    }

    void cut(@Nullable Cut where) {
        cut = where;
    }

    /** Sets the task that runs while a request or an answer is under way. */
    void onTheWay(Runnable task) {
        onTheWay = task;
    }

    ObjectStore store() {
        return store;
    }

    List<CallContext> gatesSeen() {
        return gates;
    }

    private void travel(Cut... here) {
        onTheWay.run();
        for (Cut c : here) {
            if (cut == c) {
                cut = null;
                throw new UncheckedIOException(new CutException(c));
            }
        }
    }

    private final class Memory implements ObjectStore {
        @Override
        public @Nullable Stored get(String key) {
            travel(Cut.BEFORE);
            Stored there = objects.get(key);
            travel(Cut.AFTER);
            return there;
        }

        @Override
        public String put(String key, byte[] content) {
            String etag = "e" + ++writes;
            objects.put(key, new Stored(content, etag));
            return etag;
        }

        @Override
        public String putIf(String key, byte[] content, @Nullable String etag) {
            gates.add(CallContext.CURRENT.get());
            travel(Cut.BEFORE);
            Stored there = objects.get(key);
            if (!Objects.equals(there == null ? null : there.etag(), etag)) {
                travel(Cut.AFTER);
                throw new PreconditionFailedException(key);
            }
            String written = put(key, content);
            travel(Cut.AFTER, Cut.AFTER_WRITE);
            return written;
        }

        @Override
        public void delete(String key) {
            objects.remove(key);
        }

        @Override
        public List<String> list(String prefix) {
            return objects.keySet().stream()
                    .filter(k -> k.startsWith(prefix))
                    .sorted()
                    .toList();
        }

        @Override
        public String location() {
            return "memory";
        }
    }
}
