package dev.holdfast.twin;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One AWS account: its services, a set for each region, made when first asked for. Calls go under {@link #lock}. */
public final class TwinAccount {
    private static final String GLOBAL = "us-east-1";

    private final String id;
    private final Clock clock;
    private final TwinSettings settings;
    private final long seed;
    private final Map<String, Map<Class<?>, TwinService>> regions = new LinkedHashMap<>();

    private final TwinSessions sessions;
    private final TagIndex index = new TagIndex();

    public TwinAccount(String id, Clock clock, TwinSettings settings, long seed) {
        this(id, clock, settings, seed, new TwinSessions());
    }

    /** @param sessions what STS has handed out, in all accounts */
    TwinAccount(String id, Clock clock, TwinSettings settings, long seed, TwinSessions sessions) {
        this.id = id;
        this.clock = clock;
        this.settings = settings;
        this.seed = seed;
        this.sessions = sessions;
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

    /** To be told before each write, for the sake of what shows the past. */
    synchronized void beforeWrite() {
        index.beforeWrite(clock.instant(), settings.delay(Delay.TAGGING_INDEX), this::byRegion);
    }

    private Map<String, List<TwinItem>> byRegion() {
        return inventory().stream().collect(Collectors.groupingBy(TwinAccount::indexedIn));
    }

    private List<TwinItem> indexed(String region) {
        return index.visible(
                clock.instant(),
                settings.delay(Delay.TAGGING_INDEX),
                region,
                () -> byRegion().getOrDefault(region, List.of()));
    }

    /** What lives in no region is found in the first. */
    private static String indexedIn(TwinItem item) {
        return item.region().isEmpty() ? GLOBAL : item.region();
    }

    private TwinContext context(String region) {
        return new TwinContext(
                id,
                region,
                clock,
                settings,
                seed ^ region.hashCode() ^ id.hashCode(),
                type -> service(region, type),
                () -> indexed(region),
                sessions);
    }
}
