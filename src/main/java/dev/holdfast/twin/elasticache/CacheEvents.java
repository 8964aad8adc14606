package dev.holdfast.twin.elasticache;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.TwinContext;
import java.time.Instant;
import java.util.List;

/**
 * The events that ElastiCache sends to EventBridge. Only serverless caches have such events.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticache.html">Events of
 *     ElastiCache</a>
 */
final class CacheEvents {
    private final TwinContext context;

    CacheEvents(TwinContext context) {
        this.context = context;
    }

    /** The types of events. */
    enum CacheNews {
        CREATED("Cache Created", "creation", "Cache %s is created and ready for use."),
        UPDATED("Cache Updated", "configuration change", "Cache %s was updated."),
        DELETED("Cache Deleted", "deletion", "Cache %s is deleted.");

        private final String type;
        private final String category;
        private final String message;

        CacheNews(String type, String category, String message) {
            this.type = type;
            this.category = category;
            this.message = message;
        }
    }

    void record(CacheNews what, String cache, Instant at) {
        EventSink bus = context.peer(EventSink.class);
        if (!bus.listening()) {
            return;
        }
        String arn = context.arn("elasticache", "serverlesscache:" + cache);
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.putArray("EventCategories").add(what.category);
        detail.put("SourceType", "serverless-cache")
                .put("SourceArn", arn)
                .put("SourceIdentifier", cache)
                .put("EventID", context.uuid())
                .put("Message", what.message.formatted(cache));
        bus.send(new EventSink.ServiceEvent("aws.elasticache", what.type, at, List.of(arn), detail));
    }
}
