package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import dev.holdfast.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Desired state that {@link Publisher} committed to a store. While the head does not change, a read costs one small
 * request.
 *
 * <p>A lost head or revision results in {@link LoadResult.NoDesiredState}. A revision whose content does not match its
 * name, or that does not validate, results in {@link LoadResult.RefusedRevision}.
 */
public final class PublishedSource implements DesiredSource {
    private final ObjectStore store;
    private final RevisionCodec revisions;

    /** @param etag the ETag of the head that named the revision */
    private record CachedRevision(String etag, LoadResult.ValidRevision loaded) {}

    private final Map<String, CachedRevision> known = new ConcurrentHashMap<>();

    public PublishedSource(ObjectStore store, KindCatalog catalog) {
        this.store = store;
        this.revisions = new RevisionCodec(catalog);
    }

    @Override
    public LoadResult read(String stack) {
        return refusingGiants(() -> enforced(stack));
    }

    @Override
    public LoadResult past(String stack, String sha256) {
        return refusingGiants(() -> revision(stack, sha256));
    }

    /** Refuses an object that is larger than any object that publishing writes. */
    private LoadResult refusingGiants(Supplier<LoadResult> read) {
        try {
            return read.get();
        } catch (ObjectStore.TooLargeException e) {
            return new LoadResult.RefusedRevision(
                    null,
                    List.of(new Problem(store.location(), 1, 1, "", String.valueOf(e.getMessage()), "publish again")));
        }
    }

    private LoadResult enforced(String stack) {
        String key = PublishedKeys.head(stack);
        ObjectStore.Stored stored = store.get(key);
        if (stored == null) {
            return new LoadResult.NoDesiredState("there is no " + key + " at " + store.location());
        }
        CachedRevision last = known.get(stack);
        if (last != null && last.etag().equals(stored.etag())) {
            return last.loaded();
        }
        Head head = Head.read(stored.content());
        if (head == null) {
            Problem problem = new Problem(key, 1, 1, "", "expected a head with revision and time", "publish again");
            return new LoadResult.RefusedRevision(null, List.of(problem));
        }
        LoadResult loaded = revision(stack, head.revision());
        if (loaded instanceof LoadResult.ValidRevision valid) {
            LoadResult.ValidRevision numbered =
                    new LoadResult.ValidRevision(valid.revision(), new Publication(store.location(), head));
            known.put(stack, new CachedRevision(stored.etag(), numbered));
            return numbered;
        }
        return loaded;
    }

    private LoadResult revision(String stack, String sha256) {
        String key = PublishedKeys.revision(stack, sha256);
        ObjectStore.Stored stored = store.get(key);
        if (stored == null) {
            return new LoadResult.NoDesiredState("the revision " + sha256 + " of " + stack + " is missing: there is no "
                    + key + " at " + store.location());
        }
        String found = RevisionCodec.sha256(stored.content());
        if (!found.equals(sha256)) {
            Problem problem = new Problem(
                    key, 1, 1, "", "expected content with the hash of its name, found " + found, "publish again");
            return new LoadResult.RefusedRevision(sha256, List.of(problem));
        }
        LoadResult loaded = revisions.read(key, stored.content());
        if (loaded instanceof LoadResult.ValidRevision(var revision, var published, var warnings)
                && !revision.settings().name().equals(stack)) {
            Problem problem = new Problem(
                    key,
                    1,
                    1,
                    "/stack/name",
                    "expected the stack \"" + stack + "\", found \""
                            + revision.settings().name() + "\"",
                    "publish the right revision");
            return new LoadResult.RefusedRevision(sha256, List.of(problem));
        }
        return loaded;
    }

    @Override
    public List<String> stacks() {
        return PublishedKeys.stacks(store.list("stacks/"));
    }

    @Override
    public String location() {
        return store.location();
    }

    /**
     * The commits to a stack, newest first, as far back as they are kept.
     *
     * @param most the maximum number of commits
     */
    @Override
    public List<Head> revisions(String stack, int most) {
        List<Head> heads = new ArrayList<>();
        Head head = head(PublishedKeys.head(stack));
        while (head != null && heads.size() < most) {
            heads.add(head);
            head = head.previous() == null ? null : head(PublishedKeys.history(stack, head.number() - 1));
        }
        return heads;
    }

    private @Nullable Head head(String key) {
        ObjectStore.Stored stored = store.get(key);
        return stored == null ? null : Head.read(stored.content());
    }
}
