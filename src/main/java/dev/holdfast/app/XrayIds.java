package dev.holdfast.app;

import io.opentelemetry.sdk.trace.IdGenerator;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Generates trace ids that X-Ray can find by time: they begin with the seconds since 1970.
 *
 * <p>https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids
 */
@Singleton
public final class XrayIds implements IdGenerator {
    private final Clock clock;

    public XrayIds() {
        this(Clock.systemUTC());
    }

    XrayIds(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String generateTraceId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "%08x%08x%016x".formatted(clock.instant().getEpochSecond(), random.nextInt(), random.nextLong());
    }

    /** Never generates zero, which means "no id". */
    @Override
    public String generateSpanId() {
        return "%016x".formatted(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
