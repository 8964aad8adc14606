package dev.holdfast.twin.cloudtrail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.ServiceTrail.ServiceCaller;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinSessions.Session;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * CloudTrail's records of actions of AWS's own services.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html">Service
 *     events</a>
 */
final class ServiceRecord {
    private ServiceRecord() {}

    /** The record of an event that no call caused. */
    static ObjectNode of(String service, String eventName, Instant at, TwinContext context) {
        String principal = service + ".amazonaws.com";
        ObjectNode record = JsonNodeFactory.instance.objectNode().put("eventVersion", "1.11");
        record.putObject("userIdentity").put("accountId", context.account()).put("invokedBy", principal);
        record.put("eventTime", at.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("eventSource", principal)
                .put("eventName", eventName)
                .put("awsRegion", context.region())
                .put("sourceIPAddress", principal)
                .put("userAgent", principal)
                .putNull("requestParameters")
                .putNull("responseElements")
                .put("eventID", context.uuid())
                .put("readOnly", false)
                .put("eventType", "AwsServiceEvent")
                .put("managementEvent", true)
                .put("recipientAccountId", context.account())
                .put("eventCategory", "Management");
        return record;
    }

    /** Adds to a record the service that made the call with its own role. */
    static ObjectNode by(ServiceCaller who, ObjectNode record, TwinContext context) {
        Session session = new Session(
                context.account(),
                "/aws-service-role/" + who.principal() + "/",
                who.role(),
                who.session(),
                null,
                context.now());
        ObjectNode identity = CallerIdentity.of(context.account(), "", session);
        identity.remove("accessKeyId");
        record.set("userIdentity", identity.put("invokedBy", who.principal()));
        return record;
    }
}
