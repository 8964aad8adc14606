package dev.holdfast.alerts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.Faults;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * Sends alerts to an SNS topic: e-mail subscribers receive text, and all other subscribers JSON. A subscription can
 * filter by the attributes stack, reason, severity, phase, installation and resource. The attribute resource is an
 * array, so that a filter for one resource also matches a message about several resources.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html">Message attributes</a>
 */
public final class SnsSink implements Sink {
    /** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: less than 100 characters. */
    private static final int SUBJECT = 99;

    private static final List<String> ATTRIBUTES = List.of("installation", "stack", "reason", "severity", "phase");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SnsClient sns;
    private final String topicArn;
    private final AlertText text;

    public SnsSink(SnsClient sns, String topicArn, String installation) {
        this.sns = sns;
        this.topicArn = topicArn;
        this.text = new AlertText(installation);
    }

    @Override
    public String name() {
        return "sns";
    }

    @Override
    public void send(Alert alert) throws NotDeliveredException {
        try {
            sns.publish(r -> r.topicArn(topicArn)
                    .subject(subject(alert.title()))
                    .messageStructure("json")
                    .message(message(alert))
                    .messageAttributes(attributes(alert)));
        } catch (SdkException e) {
            throw failure(Faults.classify(e, List.of()));
        }
    }

    private static NotDeliveredException failure(Fault fault) {
        String why = fault.code() + ": " + fault.message();
        return switch (fault.category()) {
            case INVALID -> NotDeliveredException.refused(why);
            // An administrator may create the topic or grant the permission while the alert waits.
            case ABSENT, EXISTS, TAKEN, CONFLICT, DEPENDENCY, THROTTLED, TRANSIENT, QUOTA, DENIED, UNKNOWN ->
                NotDeliveredException.tryAgain(why);
        };
    }

    /**
     * With {@code MessageStructure=json}, SNS sends the text under the name of a protocol to that protocol, and the
     * default to all other protocols.
     */
    private String message(Alert alert) {
        ObjectNode byProtocol = MAPPER.createObjectNode();
        byProtocol.put("default", text.json(alert).toString());
        byProtocol.put("email", text.plain(alert));
        return byProtocol.toString();
    }

    private Map<String, MessageAttributeValue> attributes(Alert alert) {
        ObjectNode json = text.json(alert);
        Map<String, MessageAttributeValue> all = new LinkedHashMap<>();
        ATTRIBUTES.forEach(
                name -> all.put(name, attribute("String", json.path(name).asText())));
        List<ResourceId> resources = alert.resources();
        // SNS refuses an empty attribute.
        if (!resources.isEmpty()) {
            all.put("resource", attribute("String.Array", array(resources)));
        }
        return all;
    }

    private static String array(List<ResourceId> resources) {
        ArrayNode array = MAPPER.createArrayNode();
        resources.forEach(id -> array.add(id.toString()));
        return array.toString();
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    /** SNS accepts a subject of ASCII characters without line breaks and control characters. */
    static String subject(String title) {
        String ascii = title.replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.length() <= SUBJECT ? ascii : ascii.substring(0, SUBJECT - 3) + "...";
    }
}
