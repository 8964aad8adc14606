package dev.holdfast.state;

import dev.holdfast.model.SafeText;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.Stored;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who was refused what, and how often: requests over HTTP, and revisions. What a process refuses within a minute goes into
 * one object, which is created once and never changed, and has a limited number of different refusals, so that nobody can
 * fill the state by asking again and again. Safe for use by many threads.
 */
public final class RefusalTrail {
    /** Different refusals in an object; those beyond are counted together. */
    public static final int MOST = 50;

    /** At most one object in this time, for each process. */
    public static final Duration EVERY = Duration.ofMinutes(1);

    private static final int LENGTH = 300;
    private static final String PREFIX = "refusals/";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ObjectStore store;
    private final Clock clock;
    private final Map<RefusedThing, Times> open = new LinkedHashMap<>();
    private long others;
    private @Nullable Instant since;

    public RefusalTrail(ObjectStore state, Clock clock) {
        this.store = state;
        this.clock = clock;
    }

    /**
     * @param by who has signed in; {@code somebody} if nobody knows
     * @param from the address of a client; the name of a stack, for a revision
     * @param why the status of HTTP, or the first problem of the revision
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

    /** @param times how often, until the object was written */
    public record CountedRefusal(RefusedThing refused, Instant first, long times) {}

    /**
     * @param entry its name, in the order in which entries were written
     * @param others further refusals, too many to be told apart
     */
    public record RefusalEntry(String entry, Instant since, Instant until, List<CountedRefusal> refusals, long others) {
        @SuppressWarnings("NullAway") // a member may be missing from what was stored
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

    /** Whether something was refused, long enough ago to be written now. */
    public synchronized boolean isDue() {
        return since != null && !clock.instant().isBefore(since.plus(EVERY));
    }

    /** Writes what was refused since the last time. If the store fails, a later call writes it. */
    public void write() {
        RefusalEntry entry = take();
        if (entry == null) {
            return;
        }
        boolean written = false;
        try {
            store.putIf(PREFIX + entry.entry() + ".json", StackState.bytes(entry), null);
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
        RefusalEntry entry = new RefusalEntry(TIME.format(now) + "-" + UUID.randomUUID(), since, now, refusals, others);
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

    /** The entries of all processes after this one, oldest first. */
    public List<RefusalEntry> after(String entry, int most) {
        List<RefusalEntry> entries = new ArrayList<>();
        for (String key : store.list(PREFIX)) {
            if (key.compareTo(PREFIX + entry + ".json") > 0 && entries.size() < most) {
                Stored stored = store.get(key);
                if (stored != null) {
                    entries.add(StackState.parse(store, key, stored, RefusalEntry.class));
                }
            }
        }
        return entries;
    }
}
