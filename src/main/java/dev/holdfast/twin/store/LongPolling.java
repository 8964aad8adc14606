package dev.holdfast.twin.store;

import java.time.Duration;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A service with calls that wait for an event. The gateway repeats such a call and holds no lock between two attempts.
 */
public interface LongPolling {
    /** The total time that a call waits while its answer stays the same; zero if it does not wait. */
    Duration patience(SdkPojo request, SdkPojo answer);
}
