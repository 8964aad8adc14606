package dev.holdfast.twin.sns;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A subscription; one that waits for its confirmation has a token, which only its endpoint is told. */
final class SubscriptionState {
    static final String PENDING = "PendingConfirmation";

    final String arn;
    final String topicArn;
    final String protocol;
    final String endpoint;
    final Instant since;
    final Map<String, String> attributes = new TreeMap<>();

    @Nullable
    String token;

    SubscriptionState(
            String arn, String topicArn, String protocol, String endpoint, Instant since, @Nullable String token) {
        this.arn = arn;
        this.topicArn = topicArn;
        this.protocol = protocol;
        this.endpoint = endpoint;
        this.since = since;
        this.token = token;
    }

    boolean pending() {
        return token != null;
    }

    FilterPolicy filter() {
        return FilterPolicy.of(attributes.get("FilterPolicy"), attributes.get("FilterPolicyScope"));
    }

    /** What lists show in its place until it is confirmed. */
    String shownArn() {
        return pending() ? PENDING : arn;
    }
}
