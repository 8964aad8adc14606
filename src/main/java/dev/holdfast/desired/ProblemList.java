package dev.holdfast.desired;

import java.util.ArrayList;
import java.util.Collection;

/** The problems of one stack. When there are as many as a person reads at once, the compilation ends. */
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
                    "there are more than " + InputCaps.PROBLEMS + " problems, and those from here on are not shown",
                    "mend the others first"));
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
