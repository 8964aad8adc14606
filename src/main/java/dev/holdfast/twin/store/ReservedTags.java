package dev.holdfast.twin.store;

/** Tag keys that only AWS itself may set: {@code aws:cloudformation:stack-name}. */
public final class ReservedTags {
    private static final ScopedValue<Boolean> BY_AWS = ScopedValue.newInstance();

    private ReservedTags() {}

    /** Whether the caller of the present call may not set it. */
    public static boolean refuses(String key) {
        return key.startsWith("aws:") && !BY_AWS.isBound();
    }

    /** Does something in process as AWS does it itself, CloudFormation for instance. */
    public static void asAws(Runnable calls) {
        ScopedValue.where(BY_AWS, true).run(calls);
    }
}
