package dev.holdfast.aws;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Counts the requests that one pass sends to AWS, retries included, and refuses writes as soon as they are no longer
 * allowed. Safe for use by many threads.
 *
 * <p>{@link #call} binds the context around a pass, and {@link Fork} carries it into its threads. Without a bound context
 * no request is counted and no write is refused.
 */
public final class CallContext {
    /** The context of the pass that the current thread works for. */
    public static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

    private static final CallContext UNGATED = new CallContext(() -> true);

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final BooleanSupplier writes;
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final LongAdder written = new LongAdder();
    private final RequestChain chain = new RequestChain(0);

    /** @param mayWrite is called before each transmission of a write: whether the write may still begin */
    public CallContext(BooleanSupplier mayWrite) {
        writes = mayWrite;
    }

    /** Runs a task outside the bound context: the calls that renew the lease must not depend on the lease. */
    public static <T> T outside(Supplier<T> task) {
        return UNGATED.call(task);
    }

    public <T> T call(Supplier<T> task) {
        return bound().call(task::get);
    }

    public void run(Runnable task) {
        bound().run(task);
    }

    private ScopedValue.Carrier bound() {
        return ScopedValue.where(CURRENT, this).where(RequestChain.CURRENT, chain);
    }

    /** The length of the longest chain of requests of this pass that had to wait for one another. */
    public int longestChain() {
        return chain.length();
    }

    /** The id of the pass in logs and traces. */
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

    /** The number of requests so far by operation ({@code ec2:DescribeVpcs}), in the order of the operations. */
    public Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        requests.forEach((operation, count) -> counts.put(operation, count.sum()));
        return counts;
    }

    /** The number of all requests so far. */
    public long total() {
        return requests.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** The number of writes so far. */
    public long writes() {
        return written.sum();
    }
}
