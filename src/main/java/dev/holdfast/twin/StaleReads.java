package dev.holdfast.twin;

import dev.holdfast.twin.wire.ErrorWriter;
import dev.holdfast.twin.wire.Outcome;
import dev.holdfast.twin.wire.Outcome.Answered;
import dev.holdfast.twin.wire.Outcome.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** Remembers, for each read, the latest answer and the different answer before it. */
final class StaleReads {
    private static final int KEPT = 5_000;

    private record ReadKey(String account, String region, String operation, SdkPojo input) {}

    private static final class Memory {
        private Outcome last;
        private Instant lastTrue;
        private @Nullable Outcome before;
        private Instant beforeTrue;

        private Memory(Outcome last, Instant now) {
            this.last = last;
            this.lastTrue = now;
            this.beforeTrue = now;
        }
    }

    private final Map<ReadKey, Memory> memories = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ReadKey, Memory> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * @param now the answer that is true now
     * @param maxAge the time within which the stale answer must have been true; null requests the true answer
     * @return the stale answer if there is one, otherwise the true answer
     */
    synchronized Outcome answer(
            Gateway.TwinCall call, SdkPojo input, Outcome now, Instant at, @Nullable Duration maxAge) {
        ReadKey key = new ReadKey(call.account().id(), call.region(), call.operation(), input);
        Memory memory = memories.computeIfAbsent(key, k -> new Memory(now, at));
        if (!same(memory.last, now)) {
            memory.before = memory.last;
            memory.beforeTrue = memory.lastTrue;
            memory.last = now;
        }
        memory.lastTrue = at;
        Outcome before = memory.before;
        boolean stale = maxAge != null
                && before != null
                && !memory.beforeTrue.plus(maxAge).isBefore(at);
        return stale && before != null ? before : now;
    }

    private static boolean same(Outcome a, Outcome b) {
        if (a instanceof Answered x && b instanceof Answered y) {
            return x.response().equals(y.response()) && Arrays.equals(x.content(), y.content());
        }
        return a instanceof Refused(var x)
                && b instanceof Refused(var y)
                && ErrorWriter.code(x).equals(ErrorWriter.code(y))
                && String.valueOf(x.getMessage()).equals(String.valueOf(y.getMessage()));
    }
}
