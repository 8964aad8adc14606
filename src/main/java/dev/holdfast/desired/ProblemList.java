package dev.holdfast.desired;

import java.util.ArrayList;
import java.util.Collection;

/** The problems of one stack. The compilation ends when there are more than a person reads at once. */
final class ProblemList extends ArrayList<Problem> {
    private static final long serialVersionUID = 1;

    /** @throws RefusedInput if there are too many */
    @Override
    public boolean add(Problem problem) {
        if (size() >= InputCaps.PROBLEMS) {
            throw new RefusedInput(new Problem(
                    problem.file(),
                    problem.line(),
                    problem.column(),
                    problem.pointer(),
                    "there are more than " + InputCaps.PROBLEMS + " problems, and the further ones are not shown",
                    "correct the shown problems first"));
        }
        return super.add(problem);
    }

    /** @throws RefusedInput if there are too many */
    @Override
    public boolean addAll(Collection<? extends Problem> more) {
        more.forEach(this::add);
        return !more.isEmpty();
    }
}
