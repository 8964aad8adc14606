package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Revision;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Which revision of a stack is enforced: the last one that was good. A revision that does not validate is refused as a whole,
 * and an absent desired state is never an empty one.
 */
final class RevisionTracker {
    private final String stack;
    private final DesiredSource source;
    private final LastGoodRevision lastGood;
    private final EventLog events;
    private RevisionState state;

    /** @param before what was known before; counts until the source was read */
    RevisionTracker(
            String stack, DesiredSource source, LastGoodRevision lastGood, EventLog events, RevisionState before) {
        this.stack = stack;
        this.source = source;
        this.lastGood = lastGood;
        this.events = events;
        this.state = before.uninformed();
    }

    /**
     * What is known of the desired state of a stack.
     *
     * @param revision that is enforced, or null
     * @param problems of the revision that was refused; empty: none was
     * @param unmanaged why there is no desired state, or null
     * @param whyNone why no revision is enforced, where none is
     * @param informed whether the source was read once
     */
    record RevisionState(
            @Nullable Revision revision,
            List<Problem> problems,
            @Nullable String unmanaged,
            String whyNone,
            boolean informed) {
        static final RevisionState NONE =
                new RevisionState(null, List.of(), null, "no revision was ever taken up", false);

        private RevisionState uninformed() {
            return new RevisionState(revision, problems, unmanaged, whyNone, false);
        }

        private RevisionState with(@Nullable Revision taken, String why) {
            return new RevisionState(taken, problems, unmanaged, why, informed);
        }
    }

    RevisionState state() {
        return state;
    }

    /** Reads a revision. Whatever the checks of a revision throw refuses that revision, and concerns no other stack. */
    static LoadResult contained(DesiredSource source, Supplier<LoadResult> read) {
        try {
            return read.get();
        } catch (SdkException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            Fault fault = Faults.classify(e, List.of());
            return new LoadResult.RefusedRevision(
                    null,
                    List.of(new Problem(
                            source.location(),
                            1,
                            1,
                            "",
                            "the checks failed unexpectedly: " + fault.code() + ": " + fault.message(),
                            "this is a fault of this operator, not of the document")));
        }
    }

    /** Whether the source says something else of a stack than its view shows. */
    static boolean differs(DesiredSource source, StackView view) {
        return switch (contained(source, () -> source.read(view.name()))) {
            case LoadResult.ValidRevision valid ->
                !valid.revision().sha256().equals(view.revision())
                        || !view.revisionErrors().isEmpty()
                        || view.status().equals("Unmanaged");
            case LoadResult.RefusedRevision refused -> !refused.problems().equals(view.revisionErrors());
            case LoadResult.UnsettledSource settling -> false;
            case LoadResult.NoDesiredState absent -> !view.status().equals("Unmanaged");
        };
    }

    /** An older head that was put back is no publication: one that is wanted has a new number. */
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
                                "publish the revision that you want, which makes a new commit; if the bucket was made"
                                        + " anew, delete stacks/" + stack + "/revision.json from the state")));
    }

    /** A revision that looks for what exists in another place would lose it silently. */
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
        LoadResult loaded = inPlace(forward(contained(source, () -> source.read(stack))));
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
                yield new RevisionState(same ? before : valid.revision(), List.of(), null, state.whyNone(), true);
            }
            case LoadResult.RefusedRevision refused -> {
                if (!refused.problems().equals(state.problems())) {
                    events.add(
                            null,
                            Event.Severity.Warning,
                            "RevisionRefused",
                            refused.problems().size() + " problems; "
                                    + (before == null
                                            ? "nothing is enforced: " + state.whyNone()
                                            : "the last good revision stays enforced: " + before.sha256()));
                }
                yield new RevisionState(before, refused.problems(), null, state.whyNone(), true);
            }
            case LoadResult.UnsettledSource settling ->
                new RevisionState(before, state.problems(), state.unmanaged(), settling.reason(), true);
            case LoadResult.NoDesiredState absent -> {
                if (!absent.reason().equals(state.unmanaged())) {
                    events.add(null, Event.Severity.Warning, "Unmanaged", absent.reason());
                }
                yield new RevisionState(before, List.of(), absent.reason(), state.whyNone(), true);
            }
        };
    }

    private void recall(LoadResult kept) {
        state = switch (kept) {
            case LoadResult.ValidRevision valid -> state.with(valid.revision(), state.whyNone());
            case LoadResult.RefusedRevision refused ->
                state.with(
                        null,
                        "the last good one does not validate either: "
                                + refused.problems().getFirst());
            case LoadResult.UnsettledSource settling -> state.with(null, settling.reason());
            case LoadResult.NoDesiredState absent -> state.with(null, absent.reason());
        };
    }
}
