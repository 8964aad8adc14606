package dev.holdfast.twin.store;

import java.time.Duration;
import software.amazon.awssdk.core.SdkPojo;

/** A service with calls that wait for something to happen. The twin's front door asks it again, and waits without a lock. */
public interface LongPolling {
    /** How long a call waits in all, as long as its answer is this one; zero: not at all. */
    Duration patience(SdkPojo request, SdkPojo answer);
}
