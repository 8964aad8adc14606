package dev.holdfast.twin.store;

/** Tag keys that only AWS may set, such as {@code aws:cloudformation:stack-name}. */
public final class ReservedTags {
    private static final ScopedValue<Boolean> BY_AWS = ScopedValue.newInstance();

    private ReservedTags() {}

    /** Whether the caller of the present call must not set this key. */
    public static boolean refuses(String key) {
        return key.startsWith("aws:") && !BY_AWS.isBound();
    }

    /** Runs calls in this process with the rights of AWS itself, for example of CloudFormation. */
    public static void asAws(Runnable calls) {
        ScopedValue.where(BY_AWS, true).run(calls);
    }
}
