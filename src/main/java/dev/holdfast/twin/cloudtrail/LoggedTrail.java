package dev.holdfast.twin.cloudtrail;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/** One trail, and the time at which it started to log. */
final class LoggedTrail {
    Trail shape;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant stoppedAt;

    boolean logging;
    final Map<String, String> tags = new TreeMap<>();

    LoggedTrail(Trail shape) {
        this.shape = shape;
    }

    boolean logs(String region) {
        return logging && (Boolean.TRUE.equals(shape.isMultiRegionTrail()) || region.equals(shape.homeRegion()));
    }
}
