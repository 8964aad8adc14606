package dev.holdfast.twin.rds;

import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.rds.model.DescribeEventsRequest;
import software.amazon.awssdk.services.rds.model.DescribeEventsResponse;
import software.amazon.awssdk.services.rds.model.Event;
import software.amazon.awssdk.services.rds.model.SourceType;

/** What RDS tells of its work; nothing else tells why a change failed. */
final class DatabaseEvents {
    private static final int PAGE = 100;
    /** Without a start, a request means the last hour. */
    private static final Duration LAST = Duration.ofMinutes(60);

    private final TwinContext context;
    private final List<Event> events = new ArrayList<>();

    DatabaseEvents(TwinContext context) {
        this.context = context;
    }

    void add(SourceType type, String source, String category, String message) {
        events.add(Event.builder()
                .sourceType(type)
                .sourceIdentifier(source)
                .eventCategories(category)
                .message(message)
                .date(context.now())
                .build());
    }

    DescribeEventsResponse page(DescribeEventsRequest r) {
        if (r.sourceIdentifier() != null && r.sourceType() == null) {
            throw TwinRds.combination("If SourceIdentifier is supplied, SourceType must also be provided.");
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
