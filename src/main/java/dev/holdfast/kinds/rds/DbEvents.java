package dev.holdfast.kinds.rds;

import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.Event;
import software.amazon.awssdk.services.rds.model.SourceType;

/**
 * The events of RDS: no other answer of RDS gives the reason why a change failed after RDS accepted the call.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html">Event messages</a>
 */
final class DbEvents {
    private DbEvents() {}

    static @Nullable String failure(RdsClient rds, SourceType type, String id, Instant since) {
        String all = rds
                .describeEventsPaginator(r ->
                        r.sourceType(type).sourceIdentifier(id).startTime(since).eventCategories("failure"))
                .events()
                .stream()
                .map(Event::message)
                .distinct()
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }
}
