package dev.holdfast.kinds.lambda;

import dev.holdfast.kind.Scope;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.lambda.model.EnvironmentError;
import software.amazon.awssdk.services.lambda.model.EnvironmentResponse;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;

/** The parts of a function that a key of KMS encrypts. */
final class FunctionSecrets {
    private FunctionSecrets() {}

    /**
     * Fails if a document declares the environment and Lambda could not decrypt it. Lambda then answers with an error
     * instead of the variables, and an environment without variables would be overwritten.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html">EnvironmentResponse</a>
     */
    static void requireEnvironment(Scope<FunctionKind.Spec> scope, FunctionConfiguration function) {
        EnvironmentResponse environment = function.environment();
        EnvironmentError error = environment == null ? null : environment.error();
        if (error == null) {
            return;
        }
        boolean declared = scope.wanted().stream()
                .filter(w -> function.functionName().equals(w.physicalId())
                        || function.functionName().equals(w.physicalName()))
                .anyMatch(w -> w.desired() != null && w.desired().environment() != null);
        if (declared) {
            String message = "the environment of " + function.functionName() + " cannot be read: "
                    + Objects.requireNonNullElse(error.message(), "");
            throw LambdaException.builder()
                    .statusCode(400)
                    .message(message)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(error.errorCode())
                            .errorMessage(message)
                            .build())
                    .build();
        }
    }

    /**
     * Whether Lambda would drop the key: nothing that the key encrypts is declared.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/6366">A key without variables</a>
     * @see
     *     <a href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#lambda-CreateFunction-request-KMSKeyArn">KMSKeyArn</a>
     */
    static boolean dropsKey(FunctionKind.Spec spec) {
        boolean key = spec.kmsKeyArn() != null && !spec.kmsKeyArn().isEmpty();
        Map<String, ?> declared =
                spec.environment() == null ? null : spec.environment().variables();
        boolean variables = declared != null && !declared.isEmpty();
        boolean snapshots = spec.snapStart() != null && spec.snapStart().applyOn() != SnapStartApplyOn.NONE;
        return key && !variables && !snapshots && spec.packageType() != PackageType.IMAGE;
    }
}
