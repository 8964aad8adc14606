package dev.holdfast.events;

import dev.holdfast.aws.OwnCalls;
import dev.holdfast.events.ResourceIndex.IndexedResource;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.DueTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the stacks and the resources that an event is about. Used by one thread. */
final class EventRouter {
    /** An event without known names makes all resources of a service due, at most once in this period. */
    private static final Duration SERVICE_AGAIN = Duration.ofMinutes(1);

    private final EventStacks stacks;
    private final KindCatalog catalog;
    private final OwnCalls own;
    private final Clock clock;
    private final Map<String, DueTime> serviceDue = new HashMap<>();
    private @Nullable EventTable table;
    private @Nullable ResourceIndex index;

    EventRouter(EventStacks stacks, KindCatalog catalog, OwnCalls own, Clock clock) {
        this.stacks = stacks;
        this.catalog = catalog;
        this.own = own;
        this.clock = clock;
    }

    /** Whether one of our own calls has caused the event. */
    boolean isOurs(ChangeEvent event) {
        return own.contains(event.requestId());
    }

    /** The hints that follow from an event, by stack. */
    Map<String, List<ChangeHint>> hints(ChangeEvent event) {
        Set<IndexedResource> named = index().named(event.account(), event.texts());
        if (named.isEmpty()) {
            return unnamed(event);
        }
        Set<IndexedResource> meant = ofKinds(named, table().changedBy(event.call()));
        if (meant.isEmpty()) {
            meant = ofKinds(named, table().ofService(event.service()));
        }
        // The calls of another service, the tagging API, change tags.
        return byStack(meant.isEmpty() ? named : meant, new HintWords(event.by(), null));
    }

    /** The hints of an event that names none of the resources. */
    private Map<String, List<ChangeHint>> unnamed(ChangeEvent event) {
        Set<String> changed = table().changedBy(event.call());
        Set<String> kinds = changed.isEmpty() ? table().ofService(event.service()) : changed;
        Instant now = clock.instant();
        String key = event.account() + "/" + (changed.isEmpty() ? event.service() : event.call());
        DueTime next = serviceDue.get(key);
        if (kinds.isEmpty() || makes(event.name()) || (next != null && !next.isDue(now))) {
            return Map.of();
        }
        serviceDue.values().removeIf(due -> due.isDue(now));
        serviceDue.put(key, DueTime.after(now, SERVICE_AGAIN));
        Set<IndexedResource> meant = changed.isEmpty()
                ? index().ofKinds(event.account(), kinds)
                : index().unnamed(event.account(), kinds, event.texts());
        return byStack(meant, new HintWords(null, null));
    }

    /** A new object either is not ours or carries our tag, by which the search for orphans finds it. */
    private static boolean makes(String call) {
        return call.startsWith("Create") || call.startsWith("Run") || call.startsWith("Start");
    }

    Map<String, List<ChangeHint>> hints(ServiceNotice notice) {
        Set<IndexedResource> named = index().named(notice.account(), notice.texts());
        Set<IndexedResource> meant = switch (notice.type()) {
            case IMAGE_PUSHED -> index().using(notice.account(), notice.texts());
            // These notices also name the cluster, which has not changed.
            case ROLLOUT, TASK_STOPPED -> ofKinds(named, table().changedBy("ecs:UpdateService"));
            case RETIREMENT -> ofKinds(named, table().ofService("ecs"));
            case DATA_STORE, DATA_STORE_FAILURE -> {
                Set<String> kinds = new LinkedHashSet<>(table().ofService("rds"));
                kinds.addAll(table().ofService("elasticache"));
                yield ofKinds(named, kinds);
            }
        };
        return byStack(meant, new HintWords(null, notice.word()));
    }

    private static Set<IndexedResource> ofKinds(Set<IndexedResource> named, Set<String> kinds) {
        return named.stream()
                .filter(one -> kinds.contains(one.id().kind()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The parts of a hint in addition to the resource. */
    private record HintWords(@Nullable ChangeAuthor by, ChangeHint.@Nullable ServiceWord notice) {}

    private static Map<String, List<ChangeHint>> byStack(Set<IndexedResource> meant, HintWords words) {
        Map<String, List<ChangeHint>> hints = new HashMap<>();
        meant.forEach(one -> hints.computeIfAbsent(one.stack(), s -> new ArrayList<>())
                .add(new ChangeHint(one.id(), words.by(), words.notice())));
        return hints;
    }

    /**
     * The first event builds the table from the byte code of the kinds, so that the start of the operator stays fast.
     */
    private EventTable table() {
        EventTable made = table;
        if (made == null) {
            made = new EventTable(catalog);
            table = made;
        }
        return made;
    }

    private ResourceIndex index() {
        List<KnownStack> known = stacks.known();
        ResourceIndex last = index;
        if (last == null || !last.isOf(known)) {
            last = new ResourceIndex(known, catalog);
            index = last;
        }
        return last;
    }
}
