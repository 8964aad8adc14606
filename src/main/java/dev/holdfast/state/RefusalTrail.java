package dev.holdfast.state;

import dev.holdfast.model.DueTime;
import dev.holdfast.model.SafeText;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The refused HTTP requests and revisions, with their authors and counts. The refusals of a process within a minute go
 * into one object, which is created once and never changed. The number of different refusals in an object is limited,
 * so that a client that repeats requests cannot fill the state. Safe for use by many threads.
 */
public final class RefusalTrail {
    /** The most different refusals in an object; further refusals are counted together. */
    public static final int MOST = 50;

    /** Each process writes at most one object in this time. */
    public static final Duration EVERY = Duration.ofMinutes(1);

    private static final int LENGTH = 300;

    private final TrailEntries<RefusalEntry> entries;
    private final Clock clock;
    private final Map<RefusedThing, Times> open = new LinkedHashMap<>();
    private long others;
    private @Nullable Instant since;

    public RefusalTrail(ObjectStore state, Clock clock) {
        this.entries = new TrailEntries<>(state, "refusals/", RefusalEntry.class);
        this.clock = clock;
    }

    /**
     * @param by the person who has signed in; {@code somebody} if the person is not known
     * @param from the address of the client; for a revision, the name of the stack
     * @param why the HTTP status, or the first problem of the revision
     */
    public record RefusedThing(String by, String from, String what, String why) {
        public RefusedThing {
            by = brief(by);
            from = brief(from);
            what = brief(what);
            why = brief(why);
        }

        private static String brief(String text) {
            String line = SafeText.line(text);
            return line.substring(0, Math.min(line.length(), LENGTH));
        }
    }

    private record Times(Instant first, long times) {}

    /** @param times how often the refusal occurred until the object was written */
    public record CountedRefusal(RefusedThing refused, Instant first, long times) {}

    /**
     * @param entry the name of the entry; names sort in the order in which entries were written
     * @param others the number of further refusals, which the entry does not list
     */
    public record RefusalEntry(String entry, Instant since, Instant until, List<CountedRefusal> refusals, long others) {
        @SuppressWarnings("NullAway") // a stored object may lack a member
        public RefusalEntry {
            refusals = refusals == null ? List.of() : List.copyOf(refusals);
        }
    }

    public synchronized void refused(RefusedThing thing) {
        Instant now = clock.instant();
        since = since == null ? now : since;
        Times before = open.get(thing);
        if (before == null && open.size() >= MOST) {
            others++;
        } else {
            open.put(thing, new Times(before == null ? now : before.first(), before == null ? 1 : before.times() + 1));
        }
    }

    /** Whether refusals wait that are old enough to be written now. */
    public synchronized boolean isDue() {
        return since != null && DueTime.after(since, EVERY).isDue(clock.instant());
    }

    /** Writes the refusals since the last call. If the store fails, a later call writes them. */
    public void write() {
        RefusalEntry entry = take();
        if (entry == null) {
            return;
        }
        boolean written = false;
        try {
            entries.create(entry.entry(), entry);
            written = true;
        } finally {
            if (!written) {
                giveBack(entry);
            }
        }
    }

    private synchronized @Nullable RefusalEntry take() {
        if (since == null) {
            return null;
        }
        Instant now = clock.instant();
        List<CountedRefusal> refusals = new ArrayList<>();
        open.forEach((thing, times) -> refusals.add(new CountedRefusal(thing, times.first(), times.times())));
        RefusalEntry entry = new RefusalEntry(TrailEntries.name(now, UUID.randomUUID()), since, now, refusals, others);
        open.clear();
        others = 0;
        since = null;
        return entry;
    }

    private synchronized void giveBack(RefusalEntry entry) {
        entry.refusals()
                .forEach(r -> open.merge(
                        r.refused(),
                        new Times(r.first(), r.times()),
                        (one, other) -> new Times(
                                one.first().isBefore(other.first()) ? one.first() : other.first(),
                                one.times() + other.times())));
        others += entry.others();
        since = entry.since();
    }

    /** The entries of all processes after the given one, oldest first. */
    public List<RefusalEntry> after(String entry, int most) {
        return entries.after(entry, most);
    }
}
