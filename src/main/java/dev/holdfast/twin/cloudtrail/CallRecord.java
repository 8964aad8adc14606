package dev.holdfast.twin.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.TwinContext;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * CloudTrail's record of a call.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html">Record
 *     contents</a>
 */
final class CallRecord {
    /**
     * Secrets Manager names the ARN differently for these operations.
     *
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html">Secrets
     *     Manager's note on this</a>
     */
    private static final Set<String> PLAIN_ARN = Set.of(
            "DeleteResourcePolicy",
            "PutResourcePolicy",
            "RotateSecret",
            "TagResource",
            "UntagResource",
            "UpdateSecret");

    private CallRecord() {}

    static ObjectNode of(ApiCall call, TwinContext context) {
        ApiCall.Origin origin = call.origin();
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("eventVersion", "1.11");
        record.set(
                "userIdentity",
                CallerIdentity.of(
                        context.account(),
                        origin.accessKey(),
                        context.sessions().of(origin.accessKey())));
        record.put("eventTime", context.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("eventSource", EventNames.source(call.service()) + ".amazonaws.com")
                .put("eventName", EventNames.name(call))
                .put("awsRegion", EventNames.region(call.service(), context.region()))
                .put("sourceIPAddress", origin.address())
                .put("userAgent", origin.userAgent());
        AwsServiceException error = call.error();
        if (error != null) {
            String code = error.awsErrorDetails().errorCode();
            record.put("errorCode", call.service().equals("ec2") ? "Client." + code : code)
                    .put("errorMessage", error.awsErrorDetails().errorMessage());
        }
        record.set("requestParameters", request(call));
        record.set("responseElements", response(call));
        record.put("requestID", origin.requestId())
                .put("eventID", context.uuid())
                .put("readOnly", false)
                .put("eventType", "AwsApiCall")
                .put("managementEvent", true)
                .put("recipientAccountId", context.account())
                .put("eventCategory", "Management");
        record.putObject("tlsDetails")
                .put("tlsVersion", "TLSv1.3")
                .put("cipherSuite", "TLS_AES_128_GCM_SHA256")
                .put(
                        "clientProvidedHostHeader",
                        EventNames.source(call.service()) + "." + context.region() + ".amazonaws.com");
        if (origin.userAgent().startsWith("Mozilla/")) {
            record.put("sessionCredentialFromConsole", "true");
        }
        return record;
    }

    private static JsonNode request(ApiCall call) {
        if (call.input() == null) {
            return NullNode.getInstance();
        }
        ObjectNode parameters = call.service().equals("ec2")
                ? Ec2Elements.request(call.operation(), call.input())
                : CallElements.of(call.input());
        if (call.service().equals("s3") && parameters.has("bucket")) {
            JsonNode bucket = parameters.remove("bucket");
            parameters.set("bucketName", bucket);
            parameters.put("Host", "s3.amazonaws.com");
        }
        return parameters;
    }

    private static JsonNode response(ApiCall call) {
        if (call.output() == null) {
            return NullNode.getInstance();
        }
        ObjectNode elements = call.service().equals("ec2")
                ? Ec2Elements.response(
                        call.operation(), call.output(), call.origin().requestId())
                : CallElements.of(call.output());
        if (call.service().equals("secretsmanager") && PLAIN_ARN.contains(call.operation()) && elements.has("aRN")) {
            elements.set("arn", elements.remove("aRN"));
        }
        return elements.isEmpty() ? NullNode.getInstance() : elements;
    }
}
