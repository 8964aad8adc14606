package dev.holdfast.twin.sns;

import dev.holdfast.twin.store.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.TagLimitExceededException;

/**
 * SNS's errors; their codes on the wire are not what the SDK calls them.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html#API_CreateTopic_Errors">CreateTopic</a>
 */
final class SnsErrors {
    private SnsErrors() {}

    static AwsServiceException invalid(String what) {
        return TwinErrors.error(
                InvalidParameterException.builder(), 400, "InvalidParameter", "Invalid parameter: " + what);
    }

    static AwsServiceException invalidValue(String what) {
        return TwinErrors.error(InvalidParameterValueException.builder(), 400, "ParameterValueInvalid", what);
    }

    static AwsServiceException noTopic() {
        return TwinErrors.error(NotFoundException.builder(), 404, "NotFound", "Topic does not exist");
    }

    static AwsServiceException noSubscription() {
        return TwinErrors.error(NotFoundException.builder(), 404, "NotFound", "Subscription does not exist");
    }

    /** What the tag operations say. */
    static AwsServiceException noResource() {
        return TwinErrors.error(
                ResourceNotFoundException.builder(), 404, "ResourceNotFound", "Resource does not exist");
    }

    static AwsServiceException tooManyTags() {
        return TwinErrors.error(
                TagLimitExceededException.builder(),
                400,
                "TagLimitExceeded",
                "Could not complete request: tag quota of per resource exceeded");
    }
}
