package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.model.Event;
import dev.holdfast.model.Revision;
import dev.holdfast.state.KeptRevision;
import dev.holdfast.state.StackState;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The revision of a stack that was enforced last. The next process enforces it while the desired state is refused. The
 * state keeps its text, unless the revision contains secret values. In that case the state keeps only its name, and the
 * text is read from the source.
 */
final class LastGoodRevision {
    /** The number of past commits that are searched for authors of commits that were never read. */
    private static final long COMMITS = 200;

    private static final int NAMED = 3;

    private final String stack;
    private final DesiredSource source;
    private final RevisionCodec revisions;
    private final StackState state;
    private final EventLog events;
    /** The reason why authors are unknown, as the last event reported it. */
    private @Nullable String told;

    LastGoodRevision(String stack, DesiredSource source, RevisionCodec revisions, StackState state, EventLog events) {
        this.stack = stack;
        this.source = source;
        this.revisions = revisions;
        this.state = state;
        this.events = events;
    }

    /** The number of the commit that was enforced last; 0 if there was none. */
    long number() {
        KeptRevision kept = state.revision();
        return kept == null ? 0 : kept.number();
    }

    /** The existing resources of the stack that the next revision would leave behind. */
    List<Problem> leftBehind(@Nullable Revision before, Revision next) {
        if (state.records().isEmpty()) {
            return List.of();
        }
        Revision enforced =
                before != null ? before : read() instanceof LoadResult.ValidRevision kept ? kept.revision() : null;
        return enforced == null
                ? List.of()
                : MovedResources.of(source.location(), enforced, next, state.records(), revisions.catalog());
    }

    void keep(LoadResult.ValidRevision valid) {
        KeptRevision before = state.revision();
        Revision taken = valid.revision();
        if (before == null
                || !before.sha256().equals(taken.sha256())
                || before.number() != valid.number()
                || !Objects.equals(before.published(), valid.published())
                || before.unknownAfter() != null) {
            String content = revisions.holdsSecrets(taken)
                    ? null
                    : new String(RevisionCodec.write(taken), StandardCharsets.UTF_8);
            Set<String> authors = new TreeSet<>();
            Long unknownAfter = addAuthors(before, valid, authors);
            state.keep(new KeptRevision(
                    taken.sha256(), content, valid.number(), valid.published(), authors, unknownAfter));
        }
    }

    /**
     * Adds the possible authors of changes that are not enforced yet, including the authors of commits that were
     * skipped.
     *
     * @return the number of the commit after which some authors are unknown, or null
     */
    private @Nullable Long addAuthors(
            @Nullable KeptRevision before, LoadResult.ValidRevision valid, Set<String> authors) {
        if (valid.published() == null) {
            return null;
        }
        authors.add(valid.published().head().author());
        if (before == null) {
            return null;
        }
        boolean enforced = before.sha256().equals(state.memory().revision())
                && !state.holdsAny()
                && state.memory().unread().isEmpty();
        if (!enforced) {
            authors.addAll(before.authors());
        }
        Long gap = enforced ? null : before.unknownAfter();
        long known = gap == null ? before.number() : gap;
        String unknown = known == 0 ? null : addSkipped(known, valid.number(), authors);
        if (unknown != null && !unknown.equals(told)) {
            events.add(
                    null,
                    Event.Severity.Warning,
                    "AuthorsUnknown",
                    unknown
                            + "; the revision is enforced, but with the guardrail approverNotPublisher nobody can approve"
                            + " its steps until the history names all authors");
        }
        told = unknown;
        return unknown == null ? null : known;
    }

    /**
     * Adds the authors of the commits between two commits.
     *
     * @return why some authors are unknown, or null
     */
    private @Nullable String addSkipped(long before, long number, Set<String> authors) {
        if (number - before <= 1) {
            return null;
        }
        Set<Long> missing = LongStream.range(before + 1, number).boxed().collect(Collectors.toCollection(TreeSet::new));
        String why = "";
        try {
            for (Head head : source.revisions(stack, (int) Math.min(number - before, COMMITS))) {
                authors.add(head.author());
                String doubt = missing.contains(head.number()) ? source.doubt(stack, head) : null;
                if (doubt == null) {
                    missing.remove(head.number());
                } else {
                    why = ": " + doubt;
                }
            }
        } catch (SdkException | UncheckedIOException e) {
            why = ": " + Faults.classify(e, List.of()).inWords();
        }
        return missing.isEmpty()
                ? null
                : "the history of the stack at " + source.location() + " does not name the authors of commit "
                        + FewNames.of(missing, NAMED) + why;
    }

    /**
     * The valid revision, or the reason for its absence: no revision was enforced, its text is lost, or it is refused.
     */
    LoadResult read() {
        KeptRevision kept = state.revision();
        if (kept == null) {
            return new LoadResult.NoDesiredState("no revision was ever enforced");
        }
        String content = kept.content();
        if (content == null) {
            LoadResult past = source.past(stack, kept.sha256());
            return past instanceof LoadResult.NoDesiredState absent
                    ? new LoadResult.NoDesiredState("the last good revision, " + kept.sha256()
                            + ", contains secret values, so that the state does not keep its text, and "
                            + absent.reason())
                    : past;
        }
        LoadResult loaded = revisions.read("revision " + kept.sha256(), content.getBytes(StandardCharsets.UTF_8));
        return loaded instanceof LoadResult.ValidRevision valid
                        && !valid.revision().sha256().equals(kept.sha256())
                ? new LoadResult.NoDesiredState(
                        "the text kept of revision " + kept.sha256() + " belongs to another revision")
                : loaded;
    }
}
