package dev.holdfast.desired;

/** Ends the compilation of a stack at a problem that makes further reading useless. */
final class RefusedInput extends RuntimeException {
    private final transient Problem problem;

    RefusedInput(Problem problem) {
        super(problem.toString(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
