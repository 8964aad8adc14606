package dev.holdfast.app;

/** The exit codes of the commands. */
final class ExitCodes {
    /** Success, or in sync. */
    static final int FINE = 0;
    /** An error, or invalid input. */
    static final int ERROR = 1;
    /** There are changes or held steps. */
    static final int CHANGES = 2;

    static final int USAGE = 64;

    private ExitCodes() {}
}
