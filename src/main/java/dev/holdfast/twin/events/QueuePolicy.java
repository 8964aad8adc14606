package dev.holdfast.twin.events;

import static dev.holdfast.twin.store.PolicyElements.fits;
import static dev.holdfast.twin.store.PolicyElements.many;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the policy of a queue allows EventBridge to send messages. Otherwise EventBridge drops the events without an
 * error.
 *
 * <p>It evaluates conditions on the ARN of the rule and on the account. Any other condition counts as met.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions">Permissions of queues</a>
 */
final class QueuePolicy {
    private QueuePolicy() {}

    static boolean admits(@Nullable JsonNode policy, String queueArn, String ruleArn) {
        if (policy == null) {
            return false;
        }
        List<JsonNode> fitting = many(policy.path("Statement")).stream()
                .filter(s -> any(s.path("Action"), "sqs:SendMessage", true))
                .filter(s -> any(s.path("Resource"), queueArn, false))
                .filter(s -> principal(s.path("Principal")))
                .filter(s -> condition(s.path("Condition"), ruleArn))
                .toList();
        return !fitting.isEmpty()
                && fitting.stream().allMatch(s -> s.path("Effect").asText().equals("Allow"));
    }

    private static boolean principal(JsonNode principal) {
        return principal.asText().equals("*")
                || any(principal.path("AWS"), "*", false)
                || any(principal.path("Service"), "events.amazonaws.com", false);
    }

    private static boolean condition(JsonNode condition, String ruleArn) {
        String account = ruleArn.split(":", 6)[4];
        return condition
                .propertyStream()
                .allMatch(operator -> operator.getValue().propertyStream().allMatch(key -> switch (key.getKey()
                        .toLowerCase(java.util.Locale.ROOT)) {
                    case "aws:sourcearn" -> any(key.getValue(), ruleArn, false);
                    case "aws:sourceaccount" -> any(key.getValue(), account, false);
                    // EventBridge always sends over TLS
                    case "aws:securetransport" -> any(key.getValue(), "true", false);
                    default -> true;
                }));
    }

    private static boolean any(JsonNode patterns, String value, boolean anyCase) {
        return many(patterns).stream().anyMatch(pattern -> fits(pattern.asText(), value, anyCase));
    }
}
