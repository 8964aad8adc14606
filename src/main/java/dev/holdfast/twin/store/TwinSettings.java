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

    /** How long this takes now. */
    public Duration delay(Delay what) {
        Duration own = delays.get(what);
        return own != null ? own : scaled(what.atSpeedOne);
    }

    /** The duration now of a delay that is a setting of the resource itself (a deregistration delay). */
    public Duration scaled(Duration inAws) {
        return Duration.ofMillis((long) (inAws.toMillis() / speed));
    }

    /** Sets one delay, whatever the speed. */
    public TwinSettings delay(Delay what, Duration value) {
        delays.put(what, value);
        return this;
    }

    /** Everything that is not set one by one goes this many times faster than in AWS. */
    public TwinSettings speed(double factor) {
        speed = factor;
        return this;
    }

    /** A quota that AWS raises on request. @param usual what an account has at first */
    public int quota(int usual) {
        return usual * raisedQuotas;
    }

    /** AWS has raised the quotas that it raises by this factor. */
    public TwinSettings raiseQuotas(int factor) {
        raisedQuotas = factor;
        return this;
    }

    /** The size of a page: the smallest of AWS's page, the page that the request asks for, and the page that was set here. */
    public int pageSize(int ofAws, @Nullable Integer asked) {
        int size = asked == null || asked <= 0 ? ofAws : Math.min(asked, ofAws);
        return pageSize > 0 ? Math.min(pageSize, size) : size;
    }

    /** Makes every page at most this long; 0: as in AWS. */
    public TwinSettings pageSize(int atMost) {
        pageSize = atMost;
        return this;
    }

    /** What runs where Secrets Manager invokes a rotation function; null: it moves the stages as a function that works does. */
    public TwinSettings rotationFunction(@Nullable RotationFunction function) {
        rotationFunction = function;
        return this;
    }

    public @Nullable RotationFunction rotationFunction() {
        return rotationFunction;
    }

    /** How well events are delivered. */
    public EventSettings events() {
        return events;
    }
}
