package dev.holdfast.aws;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;

/**
 * Is attached to an SDK exception and adds what the SDK leaves out: which call failed, and which secrets the message must
 * not show (AWS's message repeats a value that AWS rejects).
 */
final class FailedCall extends Exception {
    /** The request members that hold a secret, in all services that the operator may call. */
    private static final Set<String> SECRET =
            Set.of("SecretString", "MasterUserPassword", "AuthToken", "Password", "PrivateKey", "ClientSecret");

    private final String operation;
    private final transient Redactor redactor;

    private FailedCall(String operation, Redactor redactor) {
        super("in " + operation, null, false, false);
        this.operation = operation;
        this.redactor = redactor;
    }

    /**
     * @param operation {@code ec2:CreateVpc}
     * @param request null: the request held no secret
     */
    static void mark(Throwable failure, String operation, @Nullable SdkRequest request) {
        if (of(failure) == null) {
            failure.addSuppressed(new FailedCall(operation, secretsOf(request)));
        }
    }

    private static Redactor secretsOf(@Nullable SdkRequest request) {
        Redactor redactor = new Redactor();
        if (request != null) {
            for (SdkField<?> field : request.sdkFields()) {
                if (SECRET.contains(field.memberName()) && field.getValueOrDefault(request) instanceof String secret) {
                    redactor.learn(secret);
                }
            }
        }
        return redactor;
    }

    static @Nullable FailedCall of(Throwable failure) {
        return (FailedCall) Arrays.stream(failure.getSuppressed())
                .filter(FailedCall.class::isInstance)
                .findFirst()
                .orElse(null);
    }

    /** {@code ec2:CreateVpc} */
    String operation() {
        return operation;
    }

    /** Masks the secrets that the request held. */
    Redactor redactor() {
        return redactor;
    }
}
