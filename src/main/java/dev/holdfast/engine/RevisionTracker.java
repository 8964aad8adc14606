package dev.holdfast.engine;

import dev.holdfast.desired.ContainedCheck;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.model.Event;
import dev.holdfast.model.Revision;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tracks the enforced revision of a stack, which is the last good one. A revision that does not validate is refused as
 * a whole, and an absent desired state is never treated as an empty one.
 */
final class RevisionTracker {
    private final String stack;
    private final DesiredSource source;
    private final LastGoodRevision lastGood;
    private final EventLog events;
    private RevisionState state;

    /** @param before the earlier state, which applies until the source was read */
    RevisionTracker(
            String stack, DesiredSource source, LastGoodRevision lastGood, EventLog events, RevisionState before) {
        this.stack = stack;
        this.source = source;
        this.lastGood = lastGood;
        this.events = events;
        this.state = before.uninformed();
    }

    /**
     * The known desired state of a stack.
     *
     * @param revision the enforced revision, or null
     * @param problems the problems of the refused revision; empty if no revision was refused
     * @param unmanaged the reason why there is no desired state, or null
     * @param whyNone the reason why no revision is enforced, if none is
     * @param read the last decisive result of the source, before the checks of this tracker; an unsettled result only if
     *     it was the first one; null if the source was never read
     * @param changing the reason why a source that was read has not decided anything yet, or null
     */
    record RevisionState(
            @Nullable Revision revision,
            List<Problem> problems,
            @Nullable String unmanaged,
            String whyNone,
            @Nullable LoadResult read,
            @Nullable String changing) {
        static final RevisionState NONE =
                new RevisionState(null, List.of(), null, "no revision was ever enforced", null, null);

        /** Whether the source was read at least once. */
        boolean informed() {
            return read != null;
        }

        private RevisionState uninformed() {
            return new RevisionState(revision, problems, unmanaged, whyNone, null, changing);
        }

        private RevisionState with(@Nullable Revision taken, String why) {
            return new RevisionState(taken, problems, unmanaged, why, read, changing);
        }
    }

    RevisionState state() {
        return state;
    }

    /**
     * Reads a revision. If the checks of a revision throw an exception, that revision is refused; no other stack is
     * affected.
     */
    static LoadResult contained(DesiredSource source, Supplier<LoadResult> read) {
        try {
            return read.get();
        } catch (SdkException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return new LoadResult.RefusedRevision(
                    null,
                    List.of(new Problem(
                            source.location(),
                            1,
                            1,
                            "",
                            "the checks failed unexpectedly: " + ContainedCheck.inWords(e),
                            "this is a bug of Holdfast, not an error in the document: report it")));
        }
    }

    /**
     * Whether the source has another result than before. The results are compared as they were read: a revision that
     * only this tracker refuses is no change as long as the source has the same one.
     */
    static boolean changed(DesiredSource source, String stack, RevisionState known) {
        LoadResult now = contained(source, () -> source.read(stack));
        return switch (now) {
            case LoadResult.ValidRevision valid ->
                !(known.read() instanceof LoadResult.ValidRevision before)
                        || !before.revision().sha256().equals(valid.revision().sha256())
                        || !Objects.equals(before.published(), valid.published());
            case LoadResult.UnsettledSource settling -> false;
            case LoadResult.RefusedRevision refused -> !refused.equals(known.read());
            case LoadResult.NoDesiredState absent -> !absent.equals(known.read());
        };
    }

    /** Refuses a restored older head, because every intended publication has a new number. */
    private LoadResult forward(LoadResult loaded) {
        if (!(loaded instanceof LoadResult.ValidRevision valid) || valid.number() == 0) {
            return loaded;
        }
        long enforced = lastGood.number();
        return valid.number() >= enforced
                ? loaded
                : new LoadResult.RefusedRevision(
                        valid.revision().sha256(),
                        List.of(new Problem(
                                source.location(),
                                1,
                                1,
                                "",
                                "the head went back: it is commit " + valid.number() + ", and commit " + enforced
                                        + " was enforced before",
                                "publish the desired revision, which creates a new commit; if the bucket was created"
                                        + " again, delete stacks/" + stack + "/revision.json from the state")));
    }

    /**
     * Refuses a revision that moves existing resources to another account or region, because their objects would be
     * left behind.
     */
    private LoadResult inPlace(LoadResult loaded) {
        Revision before = state.revision();
        if (!(loaded instanceof LoadResult.ValidRevision valid)
                || (before != null && before.sha256().equals(valid.revision().sha256()))) {
            return loaded;
        }
        List<Problem> problems = lastGood.leftBehind(before, valid.revision());
        return problems.isEmpty()
                ? loaded
                : new LoadResult.RefusedRevision(valid.revision().sha256(), problems);
    }

    /** Reads the source. */
    void refresh() {
        LoadResult read = contained(source, () -> source.read(stack));
        LoadResult loaded = inPlace(forward(read));
        if (!state.informed() && !(loaded instanceof LoadResult.ValidRevision)) {
            recall(contained(source, lastGood::read));
        }
        Revision before = state.revision();
        state = switch (loaded) {
            case LoadResult.ValidRevision valid -> {
                boolean same = before != null && valid.revision().sha256().equals(before.sha256());
                if (!same) {
                    events.add(
                            null,
                            Event.Severity.Info,
                            "RevisionTaken",
                            "enforcing " + valid.revision().sha256());
                }
                lastGood.keep(valid);
                yield new RevisionState(same ? before : valid.revision(), List.of(), null, state.whyNone(), read, null);
            }
            case LoadResult.RefusedRevision refused -> {
                if (!refused.problems().equals(state.problems())) {
                    events.add(
                            null,
                            Event.Severity.Warning,
                            StackView.REVISION_REFUSED,
                            refused.problems().size() + " problems; "
                                    + (before == null
                                            ? "nothing is enforced: " + state.whyNone()
                                            : "the last good revision stays enforced: " + before.sha256()));
                }
                yield new RevisionState(before, refused.problems(), null, state.whyNone(), read, null);
            }
            case LoadResult.UnsettledSource settling ->
                new RevisionState(
                        before,
                        state.problems(),
                        state.unmanaged(),
                        settling.reason(),
                        state.informed() ? state.read() : read,
                        !state.informed() || state.changing() != null ? settling.reason() : null);
            case LoadResult.NoDesiredState absent -> {
                if (!absent.reason().equals(state.unmanaged())) {
                    events.add(null, Event.Severity.Warning, StackView.UNMANAGED, absent.reason());
                }
                yield new RevisionState(before, List.of(), absent.reason(), state.whyNone(), read, null);
            }
        };
    }

    private void recall(LoadResult kept) {
        state = switch (kept) {
            case LoadResult.ValidRevision valid -> state.with(valid.revision(), state.whyNone());
            case LoadResult.RefusedRevision refused ->
                state.with(
                        null,
                        "the last good revision does not validate either: "
                                + refused.problems().getFirst());
            case LoadResult.UnsettledSource settling -> state.with(null, settling.reason());
            case LoadResult.NoDesiredState absent -> state.with(null, absent.reason());
        };
    }
}
