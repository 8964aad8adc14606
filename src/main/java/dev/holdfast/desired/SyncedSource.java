package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
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
 * Desired state in a prefix that somebody syncs a directory to, object by object and in no order: it counts once its listing
 * has stayed the same for a while, and reads as the listing says. Until then what counted before counts on.
 *
 * <p>A sync that stalls for longer than that in its middle cannot be told from one that is done; only publishing is safe from
 * it. An empty prefix counts at once, for all that follows from it is that nothing is written.
 */
public final class SyncedSource implements DesiredSource {
    /** How long nothing may change. */
    public static final Duration SETTLES = Duration.ofSeconds(60);

    /** Stacks are asked for one after the other, and often: one listing does for all that ask at about the same time. */
    private static final Duration LISTED = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final DesiredCompiler compiler;
    private final Clock clock;
    private final Duration settles;

    /** A listing, and since when it is the same. */
    private record SeenListing(SortedMap<String, String> etags, Instant since) {}

    private record SettledListing(SortedMap<String, String> etags, Map<String, LoadResult> stacks) {}

    private @Nullable Instant listedAt;
    private @Nullable SeenListing seen;
    private @Nullable SettledListing settled;

    /** @param settles how long nothing may change: zero only for those who write nothing */
    public SyncedSource(ObjectStore store, KindCatalog catalog, Clock clock, Duration settles) {
        this.store = store;
        this.compiler = new DesiredCompiler(catalog);
        this.clock = clock;
        this.settles = settles;
    }

    @Override
    public synchronized LoadResult read(String stack) {
        look();
        SeenListing now = seen;
        SettledListing counts = settled;
        if (now != null && now.etags().isEmpty()) {
            return new LoadResult.NoDesiredState("there is nothing at " + store.location());
        }
        if (counts == null) {
            return new LoadResult.UnsettledSource(store.location() + " counts once nothing in it has changed for "
                    + settles.toSeconds() + " s" + (now == null ? "" : "; the last change was seen at " + now.since()));
        }
        LoadResult loaded = counts.stacks().get(stack);
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
                : List.copyOf(counts.stacks().keySet());
    }

    @Override
    public String location() {
        return store.location();
    }

    private void look() {
        Instant now = clock.instant();
        if (listedAt != null && now.isBefore(listedAt.plus(LISTED))) {
            return;
        }
        SortedMap<String, String> etags = documents();
        listedAt = now;
        if (seen == null || !seen.etags().equals(etags)) {
            seen = new SeenListing(etags, now);
        }
        boolean counts = settled != null && settled.etags().equals(etags);
        if (!counts && !etags.isEmpty() && !now.isBefore(seen.since().plus(settles))) {
            settle(etags, now);
        }
    }

    /** Takes it up if it reads as it was listed, from the first object to the last; else it is changing still. */
    private void settle(SortedMap<String, String> etags, Instant now) {
        Map<String, byte[]> files = new TreeMap<>();
        for (Map.Entry<String, String> entry : etags.entrySet()) {
            ObjectStore.Stored stored = store.get(entry.getKey());
            if (stored == null || !stored.etag().equals(entry.getValue())) {
                break;
            }
            files.put(entry.getKey(), stored.content());
        }
        SortedMap<String, String> after = documents();
        if (files.size() == etags.size() && after.equals(etags)) {
            settled = new SettledListing(etags, compiler.compile(files));
        } else {
            seen = new SeenListing(after, now);
        }
    }

    /** As of a directory: what is hidden is left aside, and so is what no directory could hold. */
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
