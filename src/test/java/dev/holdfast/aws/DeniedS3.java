package dev.holdfast.aws;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** S3's refusal of a request. */
public final class DeniedS3 {
    private DeniedS3() {}

    /** @param requestId the id of the request, which the text of the exception contains */
    public static AwsServiceException call(String requestId) {
        return S3Exception.builder()
                .statusCode(403)
                .requestId(requestId)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("S3")
                        .errorCode("AccessDenied")
                        .errorMessage("Access Denied")
                        .build())
                .build();
    }
}
