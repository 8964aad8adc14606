package dev.holdfast.twin.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.Contents;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/** The rules of PutEvents for events of callers other than AWS's services. */
final class OwnEvent {
    private OwnEvent() {}

    /**
     * The reason why an entry fails; null if it does not fail.
     *
     * @param bus whether the bus of the entry exists
     */
    static @Nullable String problem(PutEventsRequestEntry entry, boolean bus) {
        JsonNode detail = detail(entry);
        if (entry.source() == null || entry.source().startsWith("aws.")) {
            return "Parameter Source is not valid. Reason: Source must be set and must not start with aws.";
        }
        if (entry.detailType() == null) {
            return "Parameter DetailType is not valid. Reason: DetailType is a required argument.";
        }
        if (!bus) {
            return "Parameter EventBusName is not valid. Reason: Event bus does not exist.";
        }
        return detail.isObject() ? null : "Parameter Detail is not valid. Reason: Detail is malformed.";
    }

    /** The detail of the entry; a missing node if it is not JSON. */
    static JsonNode detail(PutEventsRequestEntry entry) {
        return Contents.json(entry.detail());
    }
}
