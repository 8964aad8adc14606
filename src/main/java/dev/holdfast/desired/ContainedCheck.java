package dev.holdfast.desired;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only place that contains a fault in the reading and checking of documents. The fault becomes a problem at its
 * document, so that the revision is refused and the last good revision stays enforced.
 */
public final class ContainedCheck {
    private ContainedCheck() {}

    /**
     * @param location the document that is checked
     * @param problems receives the fault, with the place in the code and without a value, because a value may be secret
     */
    static void run(SourceLocation location, List<Problem> problems, Runnable check) {
        try {
            check.run();
        } catch (RefusedInput e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            problems.add(location.problem(
                    "the check failed unexpectedly: " + inWords(e),
                    "this is a fault of the operator, not of the document: report it, and write the document in another"
                            + " way meanwhile"));
        }
    }

    /**
     * Compiles or reads a whole revision.
     *
     * @param sha256 the name of the revision, if it has one
     * @param problems the problems that were found before a fault or a cap ended the work
     */
    static LoadResult whole(
            SourceLocation location, @Nullable String sha256, List<Problem> problems, Supplier<LoadResult> read) {
        List<LoadResult> result = new ArrayList<>();
        List<Problem> found = new ArrayList<>();
        try {
            run(location, found, () -> result.add(read.get()));
        } catch (RefusedInput e) {
            found.add(e.problem());
        }
        if (found.isEmpty()) {
            return result.getFirst();
        }
        found.addAll(problems);
        return new LoadResult.RefusedRevision(sha256, found);
    }

    /**
     * The class of a fault and its place in the code. The message of the fault is left out: it may contain a secret
     * value, and a part that differs at each read.
     */
    public static String inWords(Throwable fault) {
        return fault.getClass().getSimpleName() + place(fault);
    }

    private static String place(Throwable fault) {
        return Arrays.stream(fault.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.holdfast."))
                .findFirst()
                .map(frame -> " in " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("");
    }
}
