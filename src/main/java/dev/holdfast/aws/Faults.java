package dev.holdfast.aws;

import dev.holdfast.model.Fault;
import dev.holdfast.model.Fault.Category;
import dev.holdfast.store.FileFailure;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.retry.RetryUtils;

/**
 * Classifies every exception into one category. The order of the rules is: throttling and the SDK's own signals, the kind's rules, the
 * service's rules ({@code faults.txt}), the patterns of error codes, the HTTP status.
 */
public final class Faults {
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int NOT_IMPLEMENTED = 501;

    private static final Pattern PACKAGE = Pattern.compile("^software\\.amazon\\.awssdk\\.services\\.(\\w+)\\.");

    /** The packages of the SDK whose names differ from the prefix of the service's IAM actions. */
    private static final Map<String, String> PACKAGES = Map.of(
            "elasticloadbalancingv2", "elasticloadbalancing",
            "cloudwatchlogs", "logs",
            "applicationautoscaling", "application-autoscaling",
            "resourcegroupstaggingapi", "tag",
            "eventbridge", "events");

    /**
     * The parts of a text that differ from call to call. The fault names the request id apart, and a person who calls
     * AWS gets another encoded message: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
     */
    private static final Pattern OF_ONE_CALL = Pattern.compile("\\s*Encoded authorization failure message: [\\w-]+"
            + "|\\s*\\((?:Service: |Request ID: |SDK Attempt Count: )[^()]*\\)");

    private Faults() {}

    /** @param ofKind the kind's own rules, which come before those of the service */
    public static Fault classify(Throwable thrown, List<FaultRule> ofKind) {
        return classify(thrown, ofKind, text -> text);
    }

    /** @param redactor masks its secrets in the message; the secrets of the failed request are masked in any case */
    public static Fault classify(Throwable thrown, List<FaultRule> ofKind, Redactor redactor) {
        return classify(thrown, ofKind, redactor::mask);
    }

    private static Fault classify(Throwable thrown, List<FaultRule> ofKind, UnaryOperator<String> mask) {
        Throwable failure = unwrap(thrown);
        FailedCall call = FailedCall.of(failure);
        String operation = call == null ? "" : call.operation();
        UnaryOperator<String> redactor =
                call == null ? mask : text -> mask.apply(call.redactor().mask(text));
        return switch (failure) {
            case SdkServiceException e -> ofService(e, call, ofKind, redactor);
            case SdkClientException e -> ofClient(ClientFailure.of(e), operation, redactor);
            case WriteRefusedException e -> fault(Category.TRANSIENT, e, e.operation(), redactor);
            case NotYetException e -> fault(Category.DEPENDENCY, e, "", redactor);
            case IncompleteAnswerException e -> fault(Category.INVALID, e, "", redactor);
            case WrongAccountException e -> fault(Category.DENIED, e, "sts:GetCallerIdentity", redactor);
            case ObjectStore.PreconditionFailedException e -> fault(Category.CONFLICT, e, operation, redactor);
            case UncheckedIOException e -> ofFile(FileFailure.inWords(e), redactor);
            case IOException e -> ofFile(FileFailure.inWords(e), redactor);
            default -> unforeseen(failure, operation, redactor);
        };
    }

    /** Adds the source line to the message, because no other output names it: in this program, or else in a library. */
    private static Fault unforeseen(Throwable failure, String operation, UnaryOperator<String> redactor) {
        List<StackTraceElement> trace = List.of(failure.getStackTrace());
        Fault fault = fault(Category.UNKNOWN, failure, operation, redactor);
        return trace.stream()
                .filter(frame -> frame.getClassName().startsWith("dev.holdfast."))
                .findFirst()
                .or(() -> trace.stream().findFirst())
                .map(frame -> fault.saying(" (" + frame.getFileName() + ":" + frame.getLineNumber() + ")"))
                .orElse(fault);
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable inner = thrown;
        while (inner.getCause() != null
                && (inner instanceof ExecutionException || inner instanceof CompletionException)) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static Fault ofService(
            SdkServiceException e, @Nullable FailedCall call, List<FaultRule> ofKind, UnaryOperator<String> redactor) {
        String operation = call == null ? "" : call.operation();
        AwsErrorDetails details = e instanceof AwsServiceException aws ? aws.awsErrorDetails() : null;
        String code = details == null
                        || details.errorCode() == null
                        || details.errorCode().isBlank()
                ? e.getClass().getSimpleName()
                : details.errorCode();
        String message = details == null || details.errorMessage() == null ? textOf(e) : details.errorMessage();
        return new Fault(
                category(e, operation, code, message, ofKind),
                code,
                shown(explained(message, call, code), redactor),
                operation,
                e.requestId());
    }

    private static Category category(
            SdkServiceException e, String operation, String code, String message, List<FaultRule> ofKind) {
        if (RetryUtils.isThrottlingException(e) || FaultTable.isThrottled(code, message)) {
            return Category.THROTTLED;
        }
        if (RetryUtils.isClockSkewException(e)) {
            return Category.TRANSIENT;
        }
        if (e.statusCode() >= 500 && e.statusCode() != NOT_IMPLEMENTED) {
            return Category.TRANSIENT;
        }
        Category found = FaultTable.find(ofKind, serviceOf(e, operation), code, message);
        if (found == null) {
            found = ofStatus(e.statusCode());
        }
        // The object that is being created cannot be missing: an object that the new one needs is missing.
        boolean needed = found == Category.ABSENT
                && Operations.makesAnother(operation)
                && ofKind.stream().noneMatch(r -> r.code().equals(code));
        return needed ? Category.DEPENDENCY : found;
    }

    /** The answer to a HEAD request has no body and therefore no error code. */
    private static Category ofStatus(int status) {
        return switch (status) {
            case 404, 410 -> Category.ABSENT;
            case 401, 403 -> Category.DENIED;
            case 408 -> Category.TRANSIENT;
            case 409, 412, 423 -> Category.CONFLICT;
            case 301, 405, 413, 414, 422, 501 -> Category.INVALID;
            default -> Category.UNKNOWN;
        };
    }

    private static Fault ofClient(ClientFailure failure, String operation, UnaryOperator<String> redactor) {
        return new Fault(failure.category(), failure.code(), shown(failure.message(), redactor), operation, null);
    }

    /** AWS's message, with the bucket that it omits and with the solution. */
    private static String explained(String message, @Nullable FailedCall call, String code) {
        if (call == null) {
            return message;
        }
        String bucket = call.bucket();
        String advice = FaultAdvice.of(call.operation(), code, message);
        return message
                + (bucket == null || message.contains(bucket) ? "" : " (bucket " + bucket + ")")
                + (advice.isEmpty() ? "" : ": " + advice);
    }

    private static String serviceOf(SdkException e, String operation) {
        int colon = operation.indexOf(':');
        if (colon > 0) {
            return operation.substring(0, colon);
        }
        Matcher m = PACKAGE.matcher(e.getClass().getName());
        return m.find() ? PACKAGES.getOrDefault(m.group(1), m.group(1)) : "";
    }

    private static Fault fault(Category category, Throwable e, String operation, UnaryOperator<String> redactor) {
        return new Fault(category, e.getClass().getSimpleName(), shown(textOf(e), redactor), operation, null);
    }

    private static Fault ofFile(String text, UnaryOperator<String> redactor) {
        return new Fault(Category.TRANSIENT, "FileFailed", shown(text, redactor), "", null);
    }

    private static String textOf(Throwable e) {
        @Nullable String message = e.getMessage();
        return message == null ? "" : message;
    }

    private static String shown(String message, UnaryOperator<String> redactor) {
        String masked = redactor.apply(OF_ONE_CALL.matcher(message).replaceAll(""));
        return masked.length() <= LONGEST_MESSAGE ? masked : masked.substring(0, LONGEST_MESSAGE) + "…";
    }
}
