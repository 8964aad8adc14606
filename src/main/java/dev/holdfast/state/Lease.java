package dev.holdfast.state;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.aws.CallContext;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import dev.holdfast.store.ObjectStore.Stored;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to write to a stack, which one process holds at a time. An object records the holder; it is changed by
 * conditional writes. Safe for use by many threads; {@link #mayWrite} never waits.
 *
 * <p>The clocks of two processes are never compared. The holder measures from before it sent its last successful write
 * of the object. A contender measures from after it first read the present content. It takes the lease once the content
 * has stayed the same for longer than the holder may rely on its write. Every write of the object changes its content,
 * and so its ETag.
 */
public final class Lease {
    /** How often the holder should renew the lease, and a contender check whether it is free. */
    public static final Duration RENEW = Duration.ofSeconds(10);

    /** How long each renewal lasts. */
    public static final Duration DURATION = Duration.ofSeconds(30);

    /**
     * The allowance for two clocks that drift apart within the duration, and for a write that outlives its time-out.
     */
    static final Duration SKEW = Duration.ofSeconds(2);

    /**
     * The object's content.
     *
     * @param holder null: released
     * @param epoch rises by one with each new holder
     * @param renewals rises by one with each write of one holder
     * @param since when the holder took the lease; like expiresAt by the holder's clock, and for people only
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LeaseContent(
            @Nullable String holder,
            long epoch,
            long renewals,
            @Nullable String since,
            String expiresAt) {
        static final LeaseContent UNREADABLE = new LeaseContent("?", 0, 0, null, "");
    }

    /**
     * Another process that holds the lease, as the object showed when it was last read.
     *
     * @param since when it took the lease, or null if an older version wrote the object
     * @param until when it loses the lease unless it renews it; both by its own clock
     */
    public record LeaseHolder(String name, @Nullable String since, String until) {
        /** The holder without the end of the lease, which each renewal changes. */
        public String held() {
            return "operator " + name + " holds the lease" + (since == null ? "" : " since " + since);
        }

        @Override
        public String toString() {
            return held() + ", which ends at " + until + " unless it is renewed";
        }
    }

    /**
     * @param since when this process took the lease
     * @param nanos the monotonic time before the last successful write was sent
     * @param wall the same moment by the wall clock
     */
    private record HeldLease(String etag, long epoch, long renewals, Instant since, long nanos, Instant wall) {}

    /** @param etag null: there was no object */
    private record SeenLease(@Nullable String etag, long epoch, long nanos) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectStore store;
    private final String key;
    private final String holder;
    private final Duration writable;
    private final Clock wall;
    private final LongSupplier nanos;

    /** Admits one call at a time. {@link #mayWrite} does not take this lock, because it must not wait. */
    private final ReentrantLock calling = new ReentrantLock();

    private volatile @Nullable HeldLease held;
    private volatile @Nullable LeaseHolder other;
    /** When {@link #tryAcquire}, {@link #isFree} or {@link #renew} was called last, by the monotonic clock. */
    private volatile @Nullable Long called;

    private @Nullable SeenLease seen;

    /**
     * @param state the store of the installation's state
     * @param holder unique to this process: {@link #newHolder}
     * @param callTimeout the longest time that one transmission of a write takes; less than 18 s
     * @param wall shows that the machine slept, which a monotonic clock may not show
     * @param nanos monotonic
     */
    public Lease(ObjectStore state, String stack, String holder, Duration callTimeout, Clock wall, LongSupplier nanos) {
        this.store = state;
        this.key = "stacks/" + stack + "/lease.json";
        this.holder = holder;
        this.writable = DURATION.minus(callTimeout).minus(SKEW);
        this.wall = wall;
        this.nanos = nanos;
        if (writable.compareTo(RENEW) <= 0) {
            throw new IllegalArgumentException("a lease leaves no time for writes that take " + callTimeout);
        }
    }

    /**
     * A name that no other process has had. It begins with the host name, by which people find the process (on ECS, the
     * task).
     */
    public static String newHolder() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown-host";
        }
        return host + "/" + ProcessHandle.current().pid() + "/"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /**
     * The process that holds the stack's lease, for callers that do not contend for it; null if no process does or ever
     * did.
     */
    public static @Nullable LeaseHolder holder(ObjectStore state, String stack) {
        Stored stored = state.get("stacks/" + stack + "/lease.json");
        LeaseContent content = stored == null ? null : parse(stored);
        return content == null || content.holder() == null
                ? null
                : new LeaseHolder(content.holder(), content.since(), content.expiresAt());
    }

    /** Whether a write may begin now: it ends before any other process can hold the lease. */
    public boolean mayWrite() {
        return within(writable);
    }

    /** Whether this process holds the lease, as far as it knows. */
    public boolean isHeld() {
        return within(DURATION);
    }

    /** The number of the present holder; 0 while this process does not hold the lease. */
    public long epoch() {
        HeldLease mine = held;
        return mine == null || !isHeld() ? 0 : mine.epoch();
    }

    /**
     * The permit of a pass that begins now.
     *
     * @return tells before each write of the pass whether it may begin; false under any epoch other than the present
     *     one
     */
    public BooleanSupplier permit() {
        long mine = epoch();
        return () -> mine != 0 && mayWrite() && epoch() == mine;
    }

    /** Whether it is time to renew the lease, or to check whether it is free; by the monotonic clock alone. */
    public boolean isDue() {
        Long last = called;
        boolean expired = held != null && !isHeld();
        return last == null || expired || nanos.getAsLong() - last >= RENEW.toNanos();
    }

    /**
     * The other process that held the lease when it was last read; null if no process did, or if this process holds it.
     */
    public @Nullable LeaseHolder otherHolder() {
        return other;
    }

    private boolean within(Duration limit) {
        HeldLease mine = held;
        return mine != null
                && nanos.getAsLong() - mine.nanos() < limit.toNanos()
                && wall.instant().isBefore(mine.wall().plus(limit));
    }

    /**
     * Takes the lease if it is free: never taken, released, or not renewed for as long as a holder may rely on it.
     *
     * @return whether this process holds the lease
     */
    public boolean tryAcquire() {
        // A call may take longer than the lease lasts.
        return exclusively(() -> {
                    if (held != null) {
                        return renewNow();
                    }
                    Stored stored = store.get(key);
                    LeaseContent content = stored == null ? null : parse(stored);
                    return isFree(stored, content)
                            && write(stored == null ? null : stored.etag(), lastEpoch() + 1, 0, wall.instant());
                })
                && isHeld();
    }

    /** Checks whether {@link #tryAcquire} would take the lease now, and writes nothing. */
    public boolean isFree() {
        return exclusively(() -> {
            Stored stored = store.get(key);
            return isFree(stored, stored == null ? null : parse(stored));
        });
    }

    /**
     * Extends the lease if it is held. A failed call throws, and does not change when the lease ends.
     *
     * @return false if the lease is lost, or was not held
     */
    public boolean renew() {
        return exclusively(this::renewNow) && isHeld();
    }

    /**
     * Lets other processes take the lease at once. Call this method when no write is in flight. It does nothing if the
     * lease is not held.
     */
    public void release() {
        exclusively(() -> {
            HeldLease mine = held;
            held = null;
            if (mine != null) {
                Stored stored = store.get(key);
                LeaseContent content = stored == null ? null : parse(stored);
                if (stored != null && content != null && isOurs(content, mine)) {
                    put(stored.etag(), new LeaseContent(null, mine.epoch(), content.renewals() + 1, null, now()));
                }
            }
            return false;
        });
    }

    private boolean renewNow() {
        HeldLease mine = held;
        if (mine == null) {
            return false;
        }
        if (write(mine.etag(), mine.epoch(), mine.renewals() + 1, mine.since())) {
            return true;
        }
        // An earlier renewal may have taken effect although its answer was lost.
        Stored stored = store.get(key);
        LeaseContent content = stored == null ? null : parse(stored);
        if (stored != null && content != null && isOurs(content, mine)) {
            return write(stored.etag(), mine.epoch(), Math.max(mine.renewals(), content.renewals()) + 1, mine.since());
        }
        held = null;
        other = content == null ? null : holderOf(content);
        return false;
    }

    private boolean isOurs(LeaseContent content, HeldLease mine) {
        return holder.equals(content.holder()) && content.epoch() == mine.epoch();
    }

    /** Remembers the content that was read, and since when it has been the same. */
    private boolean isFree(@Nullable Stored stored, @Nullable LeaseContent content) {
        SeenLease before = seen;
        String etag = stored == null ? null : stored.etag();
        long now = nanos.getAsLong();
        long epoch = Math.max(content == null ? 0 : content.epoch(), lastEpoch());
        long since = before != null && Objects.equals(before.etag(), etag) ? before.nanos() : now;
        seen = new SeenLease(etag, epoch, since);
        other = content == null ? null : holderOf(content);
        if (content == null && epoch == 0) {
            return true;
        }
        if (content != null && (content.holder() == null || holder.equals(content.holder()))) {
            // The lease was released, or this process took it and the answer was lost.
            return true;
        }
        return now - since >= DURATION.plus(SKEW).toNanos();
    }

    private @Nullable LeaseHolder holderOf(LeaseContent content) {
        String name = content.holder();
        return name == null || name.equals(holder) ? null : new LeaseHolder(name, content.since(), content.expiresAt());
    }

    private long lastEpoch() {
        SeenLease last = seen;
        return last == null ? 0 : last.epoch();
    }

    private boolean write(@Nullable String etag, long epoch, long renewals, Instant since) {
        long sent = nanos.getAsLong();
        Instant sentAt = wall.instant();
        String written = put(
                etag,
                new LeaseContent(
                        holder,
                        epoch,
                        renewals,
                        since.toString(),
                        sentAt.plus(DURATION).toString()));
        if (written == null) {
            return false;
        }
        other = null;
        held = new HeldLease(written, epoch, renewals, since, sent, sentAt);
        seen = new SeenLease(written, epoch, nanos.getAsLong());
        return true;
    }

    /** @return null if another process has written the object */
    private @Nullable String put(@Nullable String etag, LeaseContent content) {
        try {
            return store.putIf(key, JSON.writeValueAsBytes(content), etag);
        } catch (PreconditionFailedException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String now() {
        return wall.instant().toString();
    }

    /** Unreadable content counts as held by an unknown process, until it has stayed the same for long enough. */
    private static LeaseContent parse(Stored stored) {
        try {
            LeaseContent content = JSON.readValue(stored.content(), LeaseContent.class);
            return content == null || content.epoch() == 0 ? LeaseContent.UNREADABLE : content;
        } catch (IOException e) {
            return LeaseContent.UNREADABLE;
        }
    }

    private boolean exclusively(Supplier<Boolean> task) {
        called = nanos.getAsLong();
        calling.lock();
        try {
            // The lease's own writes must not need a permit of the lease.
            return CallContext.outside(task);
        } finally {
            calling.unlock();
        }
    }

    @Override
    public String toString() {
        return "Lease[" + key + ", held=" + isHeld() + ", epoch=" + epoch() + "]";
    }
}
