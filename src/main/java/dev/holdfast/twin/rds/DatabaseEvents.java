package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.rds.model.DescribeEventsRequest;
import software.amazon.awssdk.services.rds.model.DescribeEventsResponse;
import software.amazon.awssdk.services.rds.model.Event;
import software.amazon.awssdk.services.rds.model.SourceType;

/** The events of RDS. Only they contain the reason why a change failed. */
final class DatabaseEvents {
    private static final int PAGE = 100;
    /** A request without a start time selects the last hour. */
    private static final Duration LAST = Duration.ofMinutes(60);

    /**
     * The id of one event of each category.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html">Messages</a>
     */
    private static final Map<String, String> ID_OF = Map.of(
            "availability", "RDS-EVENT-0006",
            "creation", "RDS-EVENT-0005",
            "deletion", "RDS-EVENT-0003",
            "failure", "RDS-EVENT-0031");

    private final TwinContext context;
    private final List<Event> events = new ArrayList<>();

    DatabaseEvents(TwinContext context) {
        this.context = context;
    }

    void add(SourceType type, String source, String category, String message) {
        keep(type, source, category, message);
        record(type, source, new DatabaseNews(category, message, context.now()));
    }

    /** Adds an event for DescribeEvents only. */
    void keep(SourceType type, String source, String category, String message) {
        events.add(Event.builder()
                .sourceType(type)
                .sourceIdentifier(source)
                .eventCategories(category)
                .message(message)
                .date(context.now())
                .build());
    }

    /** The category, the text and the time of an event of a database. */
    record DatabaseNews(String category, String message, Instant at) {}

    /** Sends an event to EventBridge only. */
    void record(SourceType type, String source, DatabaseNews what) {
        boolean cluster = type == SourceType.DB_CLUSTER;
        String arn = context.arn("rds", (cluster ? "cluster:" : "db:") + source);
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.putArray("EventCategories").add(what.category());
        detail.put("SourceType", cluster ? "CLUSTER" : "DB_INSTANCE")
                .put("SourceArn", arn)
                .put("Date", what.at().toString())
                .put("Message", what.message())
                .put("SourceIdentifier", source)
                .put("EventID", ID_OF.getOrDefault(what.category(), "RDS-EVENT-0016"));
        context.peer(EventSink.class)
                .send(new EventSink.ServiceEvent(
                        "aws.rds",
                        cluster ? "RDS DB Cluster Event" : "RDS DB Instance Event",
                        what.at(),
                        List.of(arn),
                        detail));
    }

    DescribeEventsResponse page(DescribeEventsRequest r) {
        if (r.sourceIdentifier() != null && r.sourceType() == null) {
            throw combination("If SourceIdentifier is supplied, SourceType must also be provided.");
        }
        Instant end = r.endTime() == null ? context.now() : r.endTime();
        Duration back = r.duration() == null ? LAST : Duration.ofMinutes(r.duration());
        Instant start = r.startTime() == null ? end.minus(back) : r.startTime();
        List<Event> all = events.stream()
                .filter(e ->
                        r.sourceIdentifier() == null || e.sourceIdentifier().equals(r.sourceIdentifier()))
                .filter(e -> r.sourceType() == null || e.sourceType() == r.sourceType())
                .filter(e -> r.eventCategories().isEmpty()
                        || e.eventCategories().stream().anyMatch(r.eventCategories()::contains))
                .filter(e -> !e.date().isBefore(start) && !e.date().isAfter(end))
                .toList();
        return context.page(r, DescribeEventsResponse.builder(), all, PAGE);
    }
}
