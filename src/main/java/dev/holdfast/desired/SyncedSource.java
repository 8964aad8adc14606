package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.DueTime;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Desired state in an S3 prefix to which a tool syncs a directory, object by object and in any order. It takes effect
 * once its listing has stayed the same for a while and all objects were read as listed. Until then the former desired
 * state stays in force.
 *
 * <p>A sync that stalls in the middle for longer than this time looks the same as a finished one; only publishing is
 * safe from that. An empty prefix takes effect at once, because its only consequence is that nothing is written.
 */
public final class SyncedSource implements DesiredSource {
    /** The time for which the listing must stay the same. */
    public static final Duration SETTLES = Duration.ofSeconds(60);

    /** The stacks are read one after the other and often, so one listing serves all reads within this time. */
    private static final Duration LISTED = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final DesiredCompiler compiler;
    private final Clock clock;
    private final Duration settles;

    /** A listing, and since when it has been the same. */
    private record SeenListing(SortedMap<String, String> etags, Instant since) {}

    private record SettledListing(SortedMap<String, String> etags, StackSet stacks) {}

    private @Nullable Instant listedAt;
    private @Nullable SeenListing seen;
    private @Nullable SettledListing settled;

    /** @param settles the time for which the listing must stay the same; zero only for callers that write nothing */
    public SyncedSource(ObjectStore store, KindCatalog catalog, Clock clock, Duration settles) {
        this.store = store;
        this.compiler = new DesiredCompiler(catalog);
        this.clock = clock;
        this.settles = settles;
    }

    @Override
    public LoadResult read(String stack) {
        SeenListing now;
        SettledListing counts;
        synchronized (this) {
            look();
            now = seen;
            counts = settled;
        }
        if (now != null && now.etags().isEmpty()) {
            return new LoadResult.NoDesiredState("there are no objects at " + store.location());
        }
        if (counts == null) {
            return new LoadResult.UnsettledSource(store.location() + " takes effect after " + settles.toSeconds()
                    + " s without a change" + (now == null ? "" : "; the last change was seen at " + now.since()));
        }
        LoadResult loaded = counts.stacks().read(stack);
        return loaded != null
                ? loaded
                : new LoadResult.NoDesiredState("no document in " + store.location() + " declares the stack " + stack);
    }

    @Override
    public synchronized List<String> stacks() {
        look();
        SettledListing counts = settled;
        SeenListing now = seen;
        return counts == null || (now != null && now.etags().isEmpty())
                ? List.of()
                : counts.stacks().names();
    }

    @Override
    public String location() {
        return store.location();
    }

    private void look() {
        Instant now = clock.instant();
        if (listedAt != null && !DueTime.after(listedAt, LISTED).isDue(now)) {
            return;
        }
        SortedMap<String, String> etags = documents();
        listedAt = now;
        if (seen == null || !seen.etags().equals(etags) || DueTime.wentBack(seen.since(), now)) {
            seen = new SeenListing(etags, now);
        }
        boolean counts = settled != null && settled.etags().equals(etags);
        if (!counts && !etags.isEmpty() && !now.isBefore(seen.since().plus(settles))) {
            settle(etags, now);
        }
    }

    /** Takes the listing into force if all its objects were read as listed; otherwise the prefix is still changing. */
    private void settle(SortedMap<String, String> etags, Instant now) {
        Map<String, byte[]> files = new TreeMap<>();
        long total = 0;
        for (Map.Entry<String, String> entry : etags.entrySet()) {
            byte[] content = read(entry.getKey(), entry.getValue(), total);
            if (content == null) {
                break;
            }
            total += content.length;
            files.put(entry.getKey(), content);
        }
        SortedMap<String, String> after = documents();
        if (files.size() == etags.size() && after.equals(etags)) {
            settled = new SettledListing(etags, compiler.stacks(files));
        } else {
            seen = new SeenListing(after, now);
        }
    }

    /** @return null if the object is no longer as it was listed */
    private byte @Nullable [] read(String key, String etag, long before) {
        try {
            ObjectStore.Stored stored = store.get(key);
            return stored == null || !stored.etag().equals(etag) ? null : InputCaps.capped(stored.content(), before);
        } catch (ObjectStore.TooLargeException e) {
            return InputCaps.TOO_LARGE;
        }
    }

    /**
     * The documents of a prefix are those that a directory would have: hidden files and impossible names are ignored.
     */
    private SortedMap<String, String> documents() {
        SortedMap<String, String> documents = store.etags("");
        documents.keySet().removeIf(key -> !isDocument(key));
        return documents;
    }

    static boolean isDocument(String key) {
        if (!key.endsWith(".json")) {
            return false;
        }
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.startsWith(".")) {
                return false;
            }
        }
        return true;
    }
}
