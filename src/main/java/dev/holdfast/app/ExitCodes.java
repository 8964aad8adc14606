package dev.holdfast.app;

/** What a command says by its exit code. */
final class ExitCodes {
    /** Fine, or in sync. */
    static final int FINE = 0;
    /** An error, or invalid. */
    static final int ERROR = 1;
    /** Changes, or held steps. */
    static final int CHANGES = 2;

    static final int USAGE = 64;

    private ExitCodes() {}
}
