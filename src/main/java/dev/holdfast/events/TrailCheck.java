package dev.holdfast.events;

import dev.holdfast.model.DueTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailException;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/**
 * Checks, at the start and once an hour, whether a trail is logging. Without one, EventBridge receives no event of any
 * call.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html">Events by CloudTrail</a>
 */
final class TrailCheck {
    private static final Duration EVERY = Duration.ofHours(1);

    private final CloudTrailClient cloudTrail;
    private final Clock clock;
    private DueTime next = DueTime.NOW;
    private TrailState state = TrailState.Unknown;

    /** CloudTrail's answer. */
    enum TrailState {
        Logging,
        None,
        /** CloudTrail was not asked, or has never answered. */
        Unknown
    }

    TrailCheck(CloudTrailClient cloudTrail, Clock clock) {
        this.cloudTrail = cloudTrail;
        this.clock = clock;
    }

    TrailState look() {
        Instant now = clock.instant();
        if (next.isDue(now)) {
            next = DueTime.after(now, EVERY);
            try {
                state = ask();
            } catch (SdkException e) {
                // A denied or failed request proves neither that a trail is logging nor that none is.
                return state;
            }
        }
        return state;
    }

    private TrailState ask() {
        List<Trail> trails =
                cloudTrail.describeTrails(r -> r.includeShadowTrails(true)).trailList();
        boolean unreadable = false;
        for (Trail trail : trails) {
            try {
                if (Boolean.TRUE.equals(
                        cloudTrail.getTrailStatus(r -> r.name(trail.trailARN())).isLogging())) {
                    return TrailState.Logging;
                }
            } catch (CloudTrailException e) {
                // Only the owning account may read the status of an organization's trail.
                unreadable = true;
            }
        }
        return unreadable ? TrailState.Unknown : TrailState.None;
    }
}
