package dev.holdfast.aws;

import java.util.Arrays;

/** Rides on an SDK exception, which does not say which call failed. */
final class FailedCall extends Exception {
    private final String operation;

    private FailedCall(String operation) {
        super("in " + operation, null, false, false);
        this.operation = operation;
    }

    /** @param operation {@code ec2:CreateVpc} */
    static void mark(Throwable failure, String operation) {
        if (operationOf(failure).isEmpty()) {
            failure.addSuppressed(new FailedCall(operation));
        }
    }

    /** @return {@code ec2:CreateVpc}, or empty if unknown */
    static String operationOf(Throwable failure) {
        return Arrays.stream(failure.getSuppressed())
                .filter(FailedCall.class::isInstance)
                .map(f -> ((FailedCall) f).operation)
                .findFirst()
                .orElse("");
    }
}
