package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Desired state under a prefix, published or synced, as what lies there tells: heads and revisions are what only publishing
 * makes. Once it is known it stays so, and an empty prefix is neither.
 */
public final class PrefixSource implements DesiredSource {
    private final ObjectStore store;
    private final PublishedSource published;
    private final SyncedSource synced;
    private final boolean stateInside;

    private volatile @Nullable DesiredSource known;

    /**
     * @param settles how long a synced prefix must not change
     * @param stateInside the operator's state lies under the prefix too: then it must not be a synced one
     */
    public PrefixSource(ObjectStore store, KindCatalog catalog, Clock clock, Duration settles, boolean stateInside) {
        this.store = store;
        this.published = new PublishedSource(store, catalog);
        this.synced = new SyncedSource(store, catalog, clock, settles);
        this.stateInside = stateInside;
    }

    /** The history of what was published, if it is. */
    public Optional<PublishedSource> history() {
        return source() == published ? Optional.of(published) : Optional.empty();
    }

    /** Whether what lies there now was synced, though the operator's state lies there too. */
    public boolean endangersState() {
        return stateInside && source() == synced;
    }

    @Override
    public LoadResult read(String stack) {
        DesiredSource source = source();
        if (source == null) {
            return new LoadResult.NoDesiredState("there is nothing at " + store.location());
        }
        return endangersState() ? new LoadResult.NoDesiredState(danger()) : source.read(stack);
    }

    /** What is wrong with a state inside of a synced prefix. */
    public String danger() {
        return store.location()
                + " is synced from elsewhere, and the operator's state lies inside of it: what syncs the one"
                + " would delete the other. Set HOLDFAST_STATE to a place beside it.";
    }

    @Override
    public LoadResult past(String stack, String sha256) {
        DesiredSource source = source();
        return source == null
                ? new LoadResult.NoDesiredState("there is nothing at " + store.location())
                : source.past(stack, sha256);
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

    /** @return null: nothing is there yet */
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
