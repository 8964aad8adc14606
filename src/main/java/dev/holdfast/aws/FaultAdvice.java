package dev.holdfast.aws;

/** The solution for an AWS error whose own message does not name one. */
final class FaultAdvice {
    private FaultAdvice() {}

    /** @return empty if AWS's message is enough */
    static String of(String operation, String code, String message) {
        return switch (code) {
            case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired" ->
                "the credentials have expired: " + ClientFailure.renewal();
            case "InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException" ->
                "AWS does not know these credentials: " + ClientFailure.renewal();
            case "SignatureDoesNotMatch" -> "the secret access key does not belong to the access key id";
            case "NoSuchBucket" -> "create the bucket, or correct its name";
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                operation.startsWith("s3:") ? "the bucket is in another region: set AWS_REGION to its region" : "";
            case "AccessDenied", "AccessDeniedException" ->
                operation.equals("sts:AssumeRole")
                        ? "the role has to trust the caller, and the caller needs sts:AssumeRole for the role"
                        : "";
            case "InvalidParameterCombination" ->
                message.startsWith("Cannot find version")
                        ? "AWS no longer offers this version: set only its beginning, such as 15, to get the newest one"
                        : "";
            default -> "";
        };
    }
}
