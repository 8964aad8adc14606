package dev.holdfast.aws;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What one pass may send to AWS and has sent: counts every request as it goes out on the wire, tries again included, and
 * refuses writes once they are no longer allowed. Safe for use by many threads.
 *
 * <p>Bound around a pass with {@link #call}; {@link Fork} carries it into its threads. Where none is bound nothing is
 * counted and nothing refused.
 */
public final class CallContext {
    /** The context of the pass that this thread works for. */
    public static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

    private static final CallContext UNGATED = new CallContext(() -> true);

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final BooleanSupplier writes;
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final LongAdder written = new LongAdder();

    /** @param mayWrite asked before each transmission of a write: whether it may still begin */
    public CallContext(BooleanSupplier mayWrite) {
        writes = mayWrite;
    }

    /** Runs something outside of whatever context is bound: the lease's own calls must not ask the lease. */
    public static <T> T outside(Supplier<T> task) {
        return UNGATED.call(task);
    }

    public <T> T call(Supplier<T> task) {
        return ScopedValue.where(CURRENT, this).call(task::get);
    }

    public void run(Runnable task) {
        ScopedValue.where(CURRENT, this).run(task);
    }

    /** Of the pass, in logs and traces. */
    public String id() {
        return id;
    }

    public boolean mayWrite() {
        return writes.getAsBoolean();
    }

    /** @param operation {@code ec2:DescribeVpcs} */
    void sent(String operation, boolean write) {
        if (this == UNGATED) {
            return;
        }
        requests.computeIfAbsent(operation, o -> new LongAdder()).increment();
        if (write) {
            written.increment();
        }
    }

    /** Requests so far by operation, {@code ec2:DescribeVpcs}, in order. */
    public Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        requests.forEach((operation, count) -> counts.put(operation, count.sum()));
        return counts;
    }

    /** All requests so far. */
    public long total() {
        return requests.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Those of them that were writes. */
    public long writes() {
        return written.sum();
    }
}
