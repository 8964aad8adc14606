package dev.holdfast.twin.lambda;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.model.EnvironmentError;

/** The state of a function that its configuration does not contain. */
final class FunctionState {
    private static final EnvironmentError UNREADABLE = EnvironmentError.builder()
            .errorCode("AccessDeniedException")
            .message("Lambda was unable to decrypt your environment variables because the KMS access was denied."
                    + " Please check your KMS permissions.")
            .build();

    final FunctionPolicy policy = new FunctionPolicy();
    final List<String> interfaces = new ArrayList<>();
    DeployedCode code;

    @Nullable
    Integer reserved;

    @Nullable
    Instant updated;

    /** The error that answers have instead of the environment, or null. */
    @Nullable
    EnvironmentError unreadable;

    FunctionState(DeployedCode code) {
        this.code = code;
    }

    void readable(boolean readable) {
        unreadable = readable ? null : UNREADABLE;
    }
}
