package dev.holdfast.engine;

import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ChangeHint.ServiceWord;
import dev.holdfast.model.ResourceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Processes the hints of change events: keeps the authors and the notices of services, and reads the named resources.
 * Used by one thread.
 */
final class HintHandler {
    private final HintInbox inbox;
    private final RecordKeeper keeper;
    private final ObservationStage observation;
    /** Resources whose tags another principal changed, and that were not read from the owning service yet. */
    private final Set<ResourceId> tagged = new LinkedHashSet<>();

    HintHandler(HintInbox inbox, RecordKeeper keeper, ObservationStage observation) {
        this.inbox = inbox;
        this.keeper = keeper;
        this.observation = observation;
    }

    /**
     * Begins to read the resources that may have changed, with their slow facets. A few resources are read from the
     * owning services, because a list or the index of tags may show the state before the change for minutes. Of many
     * resources, only those whose tags were changed are read that way, some at a time.
     *
     * @param writing whether a step is writing to a resource; such a resource is read after the step anyway
     * @return the remaining resources of many, which have to be read together by kind
     */
    Set<ResourceId> read(Predicate<ResourceId> writing) {
        Map<ResourceId, Optional<Set<String>>> named = taken();
        observation
                .invalidation()
                .changedMeanwhile(named.keySet().stream().filter(writing).collect(Collectors.toSet()));
        named.keySet().removeIf(writing);
        tagged.retainAll(named.keySet());
        if (named.size() <= EngineConstants.POINT_READS) {
            tagged.clear();
            observation.beginPointReads(named);
            return Set.of();
        }
        Map<ResourceId, Optional<Set<String>>> now = new HashMap<>(named);
        now.keySet()
                .retainAll(tagged.stream().limit(EngineConstants.POINT_READS).collect(Collectors.toSet()));
        tagged.removeAll(now.keySet());
        observation.beginPointReads(now);
        inbox.add(tagged.stream().map(id -> new ChangeHint(id, null)).toList());
        Set<ResourceId> many = new HashSet<>(named.keySet());
        many.removeAll(now.keySet());
        many.removeAll(tagged);
        return many;
    }

    /** The named resources, with the components that may have changed; empty: any component. */
    private Map<ResourceId, Optional<Set<String>>> taken() {
        Map<ResourceId, Optional<Set<String>>> named = new HashMap<>();
        for (ChangeHint hint : inbox.take()) {
            named.merge(hint.resource(), components(hint), HintHandler::together);
            if (hint.by() != null) {
                keeper.witness(hint.resource(), hint.by());
                if (hint.by().event().contains("Tag")) {
                    tagged.add(hint.resource());
                }
            }
            ServiceWord word = hint.notice();
            if (word != null) {
                keeper.report(hint.resource(), word);
                if (word.reason().equals(ServiceWord.IMAGE_PUSHED)) {
                    observation.digests().readAgain();
                }
            }
        }
        return named;
    }

    private Optional<Set<String>> components(ChangeHint hint) {
        return hint.by() == null
                ? Optional.empty()
                : observation.changedBy(hint.resource(), hint.by().event());
    }

    private static Optional<Set<String>> together(Optional<Set<String>> one, Optional<Set<String>> other) {
        return one.flatMap(a -> other.map(b -> {
            Set<String> both = new HashSet<>(a);
            both.addAll(b);
            return both;
        }));
    }
}
