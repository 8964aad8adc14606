package dev.holdfast.desired;

/**
 * The maximum size of the desired state of one stack. The caps are far above the needs of a stack within AWS's quotas,
 * and low enough that no document can exhaust the operator's memory or time.
 */
final class InputCaps {
    /** Bytes of one file; a published revision is one file. */
    static final int FILE_BYTES = 16 << 20;

    /** Bytes of all files together. */
    static final long TOTAL_BYTES = 32L << 20;

    static final int FILES = 10_000;

    /** The depth of nested objects and lists, also after the substitution. */
    static final int NESTING = 64;

    /** JSON values of one stack, after the substitution. */
    static final int VALUES = 500_000;

    /** Characters of all texts of one stack, after the substitution. */
    static final long CHARACTERS = 32L << 20;

    static final int RESOURCES = 20_000;

    static final int GLOBS = 1_000;

    /** Characters of a glob, a name or a JSON pointer. */
    static final int NAME = 1_024;

    /** Problems that are reported at once. */
    static final int PROBLEMS = 100;

    /** Replaces the content of a file that is too large to be read; compared by identity. */
    static final byte[] TOO_LARGE = {};

    private InputCaps() {}

    /** The content, or {@link #TOO_LARGE} if the file, or all files together, are larger than the cap. */
    static byte[] capped(byte[] content, long before) {
        return content.length > FILE_BYTES || before + content.length > TOTAL_BYTES ? TOO_LARGE : content;
    }
}
