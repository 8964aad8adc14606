package dev.holdfast.twin;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One AWS account: its services, a set for each region, made when first asked for. Calls go under {@link #lock}. */
public final class TwinAccount {
    private static final String GLOBAL = "us-east-1";

    private final String id;
    private final Clock clock;
    private final TwinSettings settings;
    private final long seed;
    private final Map<String, Map<Class<?>, TwinService>> regions = new LinkedHashMap<>();

    public TwinAccount(String id, Clock clock, TwinSettings settings, long seed) {
        this.id = id;
        this.clock = clock;
        this.settings = settings;
        this.seed = seed;
    }

    public String id() {
        return id;
    }

    /** All calls into this account are made while holding this. */
    public Object lock() {
        return this;
    }

    /** @param type the twin's class, or the SDK client interface that it implements */
    public synchronized <T> T service(String region, Class<T> type) {
        for (TwinServices.Entry<?> entry : TwinServices.ALL) {
            if (type.isAssignableFrom(entry.type())) {
                String home = entry.global() ? GLOBAL : region;
                return type.cast(regions.computeIfAbsent(home, r -> new LinkedHashMap<>())
                        .computeIfAbsent(entry.type(), t -> entry.make().apply(context(home))));
            }
        }
        throw new IllegalArgumentException("no twin of " + type.getName());
    }

    public synchronized List<TwinItem> inventory() {
        List<TwinItem> items = new ArrayList<>();
        regions.values().forEach(services -> services.values().forEach(s -> items.addAll(s.inventory())));
        return items;
    }

    private TwinContext context(String region) {
        return new TwinContext(
                id, region, clock, settings, seed ^ region.hashCode() ^ id.hashCode(), type -> service(region, type));
    }
}
