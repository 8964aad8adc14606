package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Desired state under an S3 prefix, which was either published or synced. The keys show which: only publishing creates
 * heads and revisions. Once one of the two was recognised, this result is kept. An empty prefix is neither.
 */
public final class PrefixSource implements DesiredSource {
    private final ObjectStore store;
    private final PublishedSource published;
    private final SyncedSource synced;
    private final boolean stateInside;

    private volatile @Nullable DesiredSource known;

    /**
     * @param settles the time for which a synced prefix must remain unchanged
     * @param stateInside whether the operator's state lies under the prefix; the prefix must not be a synced one then
     */
    public PrefixSource(ObjectStore store, KindCatalog catalog, Clock clock, Duration settles, boolean stateInside) {
        this.store = store;
        this.published = new PublishedSource(store, catalog);
        this.synced = new SyncedSource(store, catalog, clock, settles);
        this.stateInside = stateInside;
    }

    /** Whether the prefix is synced although the operator's state lies under it. */
    public boolean endangersState() {
        return stateInside && source() == synced;
    }

    @Override
    public LoadResult read(String stack) {
        DesiredSource source = source();
        if (source == null) {
            return new LoadResult.NoDesiredState("there are no objects at " + store.location());
        }
        return endangersState() ? new LoadResult.NoDesiredState(danger()) : source.read(stack);
    }

    /** The explanation of the danger to a state that lies inside a synced prefix. */
    public String danger() {
        return store.location()
                + " is a synced prefix, and the operator's state lies inside it: the sync would delete the state."
                + " Set HOLDFAST_STATE to a location outside it.";
    }

    @Override
    public LoadResult past(String stack, String sha256) {
        DesiredSource source = source();
        return source == null
                ? new LoadResult.NoDesiredState("there are no objects at " + store.location())
                : source.past(stack, sha256);
    }

    @Override
    public List<Head> revisions(String stack, int most) {
        DesiredSource source = source();
        return source == null ? List.of() : source.revisions(stack, most);
    }

    @Override
    public List<String> stacks() {
        DesiredSource source = source();
        return source == null ? List.of() : source.stacks();
    }

    @Override
    public String location() {
        return store.location();
    }

    /** @return null if the prefix is empty */
    private @Nullable DesiredSource source() {
        DesiredSource source = known;
        if (source == null) {
            List<String> keys = store.list("");
            source = keys.stream().anyMatch(PublishedKeys::isPublished)
                    ? published
                    : keys.stream().anyMatch(SyncedSource::isDocument) ? synced : null;
            known = source;
        }
        return source;
    }
}
