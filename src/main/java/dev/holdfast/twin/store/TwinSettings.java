package dev.holdfast.twin.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The settings of a twin that can change while it runs. */
public final class TwinSettings {
    private volatile @Nullable RotationFunction rotationFunction;
    private final Map<Delay, Duration> delays = new ConcurrentHashMap<>();
    private volatile double speed = 1;
    private volatile int pageSize;
    private volatile int raisedQuotas = 1;
    private final EventSettings events = new EventSettings();

    /** The present duration of this delay. */
    public Duration delay(Delay what) {
        Duration own = delays.get(what);
        return own != null ? own : scaled(what.atSpeedOne);
    }

    /** The present duration of a delay that is a setting of the resource itself (a deregistration delay). */
    public Duration scaled(Duration inAws) {
        return Duration.ofMillis((long) (inAws.toMillis() / speed));
    }

    /** Sets one delay, to which the speed does not apply. */
    public TwinSettings delay(Delay what, Duration value) {
        delays.put(what, value);
        return this;
    }

    /** Makes everything faster than in AWS by this factor, except delays that are set one by one. */
    public TwinSettings speed(double factor) {
        speed = factor;
        return this;
    }

    /** A quota that AWS raises on request. @param usual the initial quota of an account */
    public int quota(int usual) {
        return usual * raisedQuotas;
    }

    /** Raises the quotas that AWS raises on request by this factor. */
    public TwinSettings raiseQuotas(int factor) {
        raisedQuotas = factor;
        return this;
    }

    /** The size of a page: the smallest of AWS's largest page, the requested page, and the limit that was set here. */
    public int pageSize(int ofAws, @Nullable Integer asked) {
        int size = asked == null || asked <= 0 ? ofAws : Math.min(asked, ofAws);
        return pageSize > 0 ? Math.min(pageSize, size) : size;
    }

    /** Limits every page to this length; 0 keeps the limits of AWS. */
    public TwinSettings pageSize(int atMost) {
        pageSize = atMost;
        return this;
    }

    /**
     * Sets the function that Secrets Manager invokes; if it is null, the twin moves the stages as a working function
     * does.
     */
    public TwinSettings rotationFunction(@Nullable RotationFunction function) {
        rotationFunction = function;
        return this;
    }

    public @Nullable RotationFunction rotationFunction() {
        return rotationFunction;
    }

    /** The settings for the delivery of events. */
    public EventSettings events() {
        return events;
    }
}
