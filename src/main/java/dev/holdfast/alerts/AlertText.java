package dev.holdfast.alerts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.SafeText;

/** Formats alerts for people and programs. Only the alert itself breaks lines; text from elsewhere cannot. */
record AlertText(String installation) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MESSAGE = 3000;

    String plain(Alert alert) {
        return SafeText.line(alert.title()) + "\n\n" + message(alert) + "\n\n"
                + "Installation: " + SafeText.line(installation) + "\n"
                + (alert.stack() == null ? "" : "Stack: " + alert.stack() + "\n")
                + (alert.resource() == null ? "" : "Resource: " + alert.resource() + "\n")
                + "Since: " + alert.since() + "\n";
    }

    ObjectNode json(Alert alert) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("installation", installation);
        if (alert.stack() != null) {
            json.put("stack", alert.stack());
        }
        if (alert.resource() != null) {
            json.put("resource", alert.resource().toString());
        }
        if (!alert.members().isEmpty()) {
            json.put("count", alert.members().size());
            ArrayNode resources = json.putArray("resources");
            alert.resources().stream().limit(AlertBatcher.NAMED).forEach(id -> resources.add(id.toString()));
        }
        json.put("reason", alert.reason())
                .put("severity", alert.severity().name())
                .put("phase", alert.phase().name())
                .put("message", message(alert))
                .put("since", alert.since().toString())
                .put("at", alert.at().toString());
        return json;
    }

    /** The format of Slack's incoming webhooks, which other services accept too. */
    ObjectNode slack(Alert alert) {
        String mark = switch (alert.phase()) {
            case Over -> ":white_check_mark: ";
            case Began, Lasts, Happened ->
                switch (alert.severity()) {
                    case Critical -> ":red_circle: ";
                    case Warning -> ":warning: ";
                    case Notice -> ":information_source: ";
                };
        };
        return MAPPER.createObjectNode()
                .put(
                        "text",
                        mark + "*" + escaped(SafeText.line(alert.title())) + "*\n" + escaped(message(alert)) + "\n_"
                                + escaped(SafeText.line(installation)) + ", since " + alert.since() + "_");
    }

    /**
     * https://docs.slack.dev/messaging/formatting-message-text: Slack requires the escape of these three characters
     * only. A fence of backticks would put the following lines into a block.
     */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replaceAll("`{3,}", "'''");
    }

    private static String message(Alert alert) {
        String said = alert.phase() == Alert.AlertPhase.Over
                ? "This alert is over. Its message was: " + alert.message()
                : alert.message();
        return SafeText.lines(said.length() <= MESSAGE ? said : said.substring(0, MESSAGE) + "…");
    }
}
