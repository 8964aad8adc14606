package dev.holdfast.twin.sqs;

import dev.holdfast.twin.store.TwinErrors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * The errors of SQS, with the codes of its former query protocol, which the SDK still reports.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html">Common errors</a>
 */
final class SqsErrors {
    static final String PREFIX = "AWS.SimpleQueueService.";

    private SqsErrors() {}

    static AwsServiceException noSuchQueue() {
        return named(QueueDoesNotExistException.builder(), "NonExistentQueue", "The specified queue does not exist.");
    }

    /** @param code the code without its prefix */
    static AwsServiceException named(AwsServiceException.Builder exception, String code, String message) {
        return TwinErrors.refused(exception, PREFIX + code, message);
    }

    static AwsServiceException invalidReceipt(@Nullable String handle) {
        return TwinErrors.refused(
                ReceiptHandleIsInvalidException.builder(),
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    static AwsServiceException unknownAttribute(String name) {
        return TwinErrors.refused(
                InvalidAttributeNameException.builder(), "InvalidAttributeName", "Unknown Attribute " + name + ".");
    }

    static AwsServiceException invalidAttribute(String name) {
        return TwinErrors.refused(
                InvalidAttributeValueException.builder(),
                "InvalidAttributeValue",
                "Invalid value for the parameter " + name + ".");
    }

    static AwsServiceException invalidParameter(String message) {
        return TwinErrors.refused(SqsException.builder(), "InvalidParameterValue", message);
    }

    static AwsServiceException missingParameter(String name) {
        return TwinErrors.refused(
                SqsException.builder(), "MissingParameter", "The request must contain the parameter " + name + ".");
    }
}
