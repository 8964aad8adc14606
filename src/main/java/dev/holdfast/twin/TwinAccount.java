package dev.holdfast.twin;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.HostAccount;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinSessions;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One AWS account: a set of services for each region, created at the first use. Calls run under {@link #lock}. */
public final class TwinAccount implements HostAccount {
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

    /** @param sessions the sessions of assumed roles, in all accounts */
    TwinAccount(String id, Clock clock, TwinSettings settings, long seed, TwinSessions sessions) {
        this.id = id;
        this.clock = clock;
        this.settings = settings;
        this.seed = seed;
        this.sessions = sessions;
    }

    @Override
    public String id() {
        return id;
    }

    /** The lock that a thread holds during a call into this account. */
    public Object lock() {
        return this;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public TwinSettings settings() {
        return settings;
    }

    @Override
    public TwinSessions sessions() {
        return sessions;
    }

    /** @param type the twin's class, or the SDK client interface that it implements */
    @Override
    public synchronized <T> T service(String region, Class<T> type) {
        for (TwinServices.Entry<?> entry : TwinServices.ALL) {
            if (type.isAssignableFrom(entry.type())) {
                String home = entry.global() ? GLOBAL : region;
                Map<Class<?>, TwinService> services = regions.computeIfAbsent(home, r -> new LinkedHashMap<>());
                TwinService service = services.get(entry.type());
                if (service == null) {
                    service = entry.make().apply(context(home, entry.type()));
                    services.put(entry.type(), service);
                }
                return type.cast(service);
            }
        }
        throw new IllegalArgumentException("no twin of " + type.getName());
    }

    @Override
    public <T> List<T> services(String region, Class<T> type) {
        return TwinServices.types()
                .filter(type::isAssignableFrom)
                .map(twin -> type.cast(service(region, twin)))
                .toList();
    }

    public synchronized List<TwinItem> inventory() {
        // the inventory of a service may create the twin of another service, which changes these maps
        List<TwinService> services = new ArrayList<>();
        regions.values().forEach(region -> services.addAll(region.values()));
        List<TwinItem> items = new ArrayList<>();
        services.forEach(service -> items.addAll(service.inventory()));
        return items;
    }

    /** Callers invoke this before each write, so that late reads can return the earlier state. */
    synchronized void beforeWrite() {
        index.beforeWrite(clock.instant(), settings.delay(Delay.TAGGING_INDEX), this::byRegion);
    }

    private Map<String, List<TwinItem>> byRegion() {
        return inventory().stream().collect(Collectors.groupingBy(TwinAccount::indexedIn));
    }

    @Override
    public synchronized List<TwinItem> indexed(String region) {
        return index.visible(clock.instant(), settings.delay(Delay.TAGGING_INDEX), region, this::byRegion);
    }

    /** A resource without a region is listed in us-east-1. */
    private static String indexedIn(TwinItem item) {
        return item.region().isEmpty() ? GLOBAL : item.region();
    }

    /** The service is part of the seed; otherwise a VPC and a load balancer would get the same random id. */
    private TwinContext context(String region, Class<?> service) {
        return new TwinContext(this, region, seed ^ Objects.hash(region, id, service.getName()));
    }
}
