package dev.holdfast.twin.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Writes an error in the format of a protocol. */
public final class ErrorWriter {
    private ErrorWriter() {}

    public static WireResponse write(Route route, AwsServiceException error, String requestId) {
        int status = error.statusCode() == 0 ? 400 : error.statusCode();
        String code = code(error);
        String fault = status < 500 ? "Sender" : "Receiver";
        return switch (route.protocol()) {
            case CBOR -> {
                WireResponse reply = ReplyWriter.cbor(status, tree(error, code, true));
                reply.headers().put("x-amzn-query-error", code + ";" + fault);
                yield reply;
            }
            case JSON -> {
                WireResponse reply =
                        WireResponse.of(status, "application/x-amz-json-1.1", Json.bytes(tree(error, code, false)));
                reply.headers().put("x-amzn-query-error", code + ";" + fault);
                yield reply;
            }
            case REST_JSON -> {
                Map<String, @Nullable Object> tree = tree(error, code, false);
                tree.remove("__type");
                WireResponse reply = WireResponse.of(status, "application/json", Json.bytes(tree));
                reply.headers().put("x-amzn-ErrorType", code);
                yield reply;
            }
            case EC2, QUERY, REST_XML -> xml(route, error, status, fault, requestId);
        };
    }

    /** The error code on the wire. */
    public static String code(AwsServiceException error) {
        AwsErrorDetails details = error.awsErrorDetails();
        return details == null || details.errorCode() == null ? error.getClass().getSimpleName() : details.errorCode();
    }

    /** SQS also sends the error code of its former query protocol, in a header. */
    private static boolean ofSqs(AwsServiceException error) {
        return error.getClass().getPackageName().endsWith(".sqs.model")
                && !error.getClass().getSimpleName().equals("SqsException");
    }

    /**
     * The clients of RPC v2 and of SQS identify an exception by the name of its shape, which may differ from the query
     * code.
     */
    private static String shape(AwsServiceException error, String code) {
        String type = error.getClass().getSimpleName();
        return type.endsWith("ErrorException") || ofSqs(error)
                ? type.substring(0, type.length() - "Exception".length())
                : code;
    }

    private static String message(AwsServiceException error) {
        AwsErrorDetails details = error.awsErrorDetails();
        String message = details == null ? null : details.errorMessage();
        return message != null ? message : Objects.requireNonNullElse(error.getMessage(), "");
    }

    private static Map<String, @Nullable Object> tree(AwsServiceException error, String code, boolean cbor) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("__type", cbor || ofSqs(error) ? shape(error, code) : code);
        tree.putAll(TreeCodec.write(error, error.sdkFields(), cbor));
        tree.put("message", message(error));
        return tree;
    }

    private static WireResponse xml(
            Route route, AwsServiceException error, int status, String fault, String requestId) {
        boolean typed =
                route.protocol() == WireProtocol.QUERY || (route.protocol() == WireProtocol.REST_XML && !route.s3());
        XmlWriter xml = new XmlWriter();
        if (route.protocol() == WireProtocol.EC2) {
            xml.element(
                    "Response",
                    r -> r.element("Errors", e -> e.element("Error", x -> members(x, error)))
                            .text("RequestID", requestId));
        } else if (typed) {
            xml.element(
                    "ErrorResponse",
                    r -> r.element("Error", x -> members(x.text("Type", fault), error))
                            .text("RequestId", requestId));
        } else {
            xml.element("Error", x -> {
                members(x, error);
                x.text("RequestId", requestId);
            });
        }
        return WireResponse.of(status, route.s3() ? "application/xml" : "text/xml;charset=UTF-8", xml.bytes());
    }

    private static void members(XmlWriter xml, AwsServiceException error) {
        xml.text("Code", code(error)).text("Message", message(error));
        xml.members(error, error.sdkFields());
    }
}
