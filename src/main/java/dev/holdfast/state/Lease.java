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
 * The right to write to a stack, held by one process at a time, kept in an object by conditional writes. Safe for use by
 * many threads; {@link #mayWrite} never waits.
 *
 * <p>No two clocks are compared. The holder counts from before it sent its last successful write of the object. A
 * contender counts from after it first read the object as it is, and takes over once that has stayed the same for longer
 * than the holder may count. Every write of the object makes its content, and so its ETag, a new one.
 */
public final class Lease {
    /** How often the holder should renew the lease, and a contender check whether it is free. */
    public static final Duration RENEW = Duration.ofSeconds(10);

    /** How long each renewal lasts. */
    static final Duration DURATION = Duration.ofSeconds(30);

    /** The most that two clocks drift apart within the duration, and that a write outlives its time-out. */
    static final Duration SKEW = Duration.ofSeconds(2);

    /**
     * The object's content.
     *
     * @param holder null: released
     * @param epoch rises by one with each new holder
     * @param renewals rises by one with each write of one holder
     * @param since and expiresAt: by the holder's clock; for people only
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
     * Another process that holds the lease, as the object showed at the last look.
     *
     * @param since when it took the lease, or null if an older version wrote the object
     * @param until when it loses the lease unless it renews it; both by its own clock
     */
    public record LeaseHolder(String name, @Nullable String since, String until) {
        @Override
        public String toString() {
            return "operator " + name + " holds the lease" + (since == null ? "" : " since " + since)
                    + ", which ends at " + until + " unless it is renewed";
        }
    }

    /**
     * @param since when this process took it
     * @param nanos and wall: taken before the write was sent that this rests on
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

    /** One call at a time; never taken by {@link #mayWrite}. */
    private final ReentrantLock calling = new ReentrantLock();

    private volatile @Nullable HeldLease held;
    private volatile @Nullable LeaseHolder other;
    /** When {@link #tryAcquire}, {@link #isFree} or {@link #renew} was called last, by the monotonic clock. */
    private volatile @Nullable Long called;

    private @Nullable SeenLease seen;

    /**
     * @param state where the installation's state is kept
     * @param holder unique to this process: {@link #newHolder}
     * @param callTimeout the most that one transmission of a write takes, less than 18 s
     * @param wall notices that the machine slept, which a monotonic clock may not
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

    /** A name that no other process has had, and by which people find the process: its host, which on ECS is the task's. */
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

    /** The process that holds the stack's lease, as the state shows it to anybody; null: none does, or none ever did. */
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

    /** The number of this holding; 0 while the lease is not held. */
    public long epoch() {
        HeldLease mine = held;
        return mine == null || !isHeld() ? 0 : mine.epoch();
    }

    /**
     * The permit of a pass that begins now.
     *
     * @return whether a write of this pass may begin, asked before each one: never under another epoch than this one
     */
    public BooleanSupplier permit() {
        long mine = epoch();
        return () -> mine != 0 && mayWrite() && epoch() == mine;
    }

    /** Whether it is time to renew the lease, or to look whether it is free; by the monotonic clock alone. */
    public boolean isDue() {
        Long last = called;
        boolean expired = held != null && !isHeld();
        return last == null || expired || nanos.getAsLong() - last >= RENEW.toNanos();
    }

    /** Who held the lease at the last look, if it was another process; null: nobody did, or this process does. */
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
     * @return whether it is held
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

    /** Looks whether {@link #tryAcquire} would take the lease now, and writes nothing. */
    public boolean isFree() {
        return exclusively(() -> {
            Stored stored = store.get(key);
            return isFree(stored, stored == null ? null : parse(stored));
        });
    }

    /**
     * Extends the lease if it is held. A failed call throws, and the lease stays held for as long as it was.
     *
     * @return false: it is lost, or was not held
     */
    public boolean renew() {
        return exclusively(this::renewNow) && isHeld();
    }

    /** Lets other processes take the lease at once. To be called when no write is in flight; does nothing if the lease is not held. */
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
        // Perhaps an earlier renewal took effect though its answer was lost.
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
            // Released; or taken by this process, to which the answer was lost.
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

    /** @return null: another process wrote it */
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
            // The lease's own writes do not ask the lease.
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
