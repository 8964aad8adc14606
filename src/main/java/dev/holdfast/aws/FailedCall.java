package dev.holdfast.aws;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * An attachment to an SDK exception with the data that the SDK leaves out: the call, its bucket, and the secrets that
 * the message must not show. AWS's message repeats a value that AWS rejects.
 */
final class FailedCall extends Exception {
    /** The request members that hold a secret, in all services that the operator may call. */
    private static final Set<String> SECRET = Set.of(
            "SecretString", "MasterUserPassword", "AuthToken", "Password", "Passwords", "PrivateKey", "ClientSecret");

    private final String operation;
    private final transient Redactor redactor;
    private final @Nullable String bucket;

    private FailedCall(String operation, Redactor redactor, @Nullable String bucket) {
        super("in " + operation, null, false, false);
        this.operation = operation;
        this.redactor = redactor;
        this.bucket = bucket;
    }

    /**
     * @param operation {@code ec2:CreateVpc}
     * @param request null: the request held no secret
     */
    static void mark(Throwable failure, String operation, @Nullable SdkRequest request) {
        if (of(failure) == null) {
            failure.addSuppressed(new FailedCall(operation, secretsOf(request), bucketOf(request)));
        }
    }

    private static Redactor secretsOf(@Nullable SdkRequest request) {
        Redactor redactor = new Redactor();
        if (request != null) {
            learn(redactor, request);
        }
        return redactor;
    }

    /** Learns secrets in nested structures too, such as the passwords of an ElastiCache user. */
    private static void learn(Redactor redactor, SdkPojo shape) {
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = field.getValueOrDefault(shape);
            if (value instanceof SdkPojo inner) {
                learn(redactor, inner);
            } else if (SECRET.contains(field.memberName())) {
                (value instanceof Collection<?> many ? many : Collections.singleton(value)).forEach(secret -> {
                    if (secret instanceof String text) {
                        redactor.learn(text);
                    }
                });
            }
        }
    }

    private static @Nullable String bucketOf(@Nullable SdkRequest request) {
        return request instanceof S3Request
                ? request.getValueForField("Bucket", String.class).orElse(null)
                : null;
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

    /** The bucket of a request to S3, whose messages do not name it. */
    @Nullable
    String bucket() {
        return bucket;
    }

    /** Masks the secrets that the request held. */
    Redactor redactor() {
        return redactor;
    }
}
