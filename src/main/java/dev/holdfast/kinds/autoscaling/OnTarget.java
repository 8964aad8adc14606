package dev.holdfast.kinds.autoscaling;

import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kinds.autoscaling.Scaling.ScalableDimension;
import dev.holdfast.kinds.autoscaling.Scaling.ServiceNamespace;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;

/**
 * Finds what hangs on scalable targets: names are unique within one target only, so that what is found must match by that
 * too.
 *
 * @param <S> the spec
 * @param <T> what AWS answers with
 * @param place of what is desired
 * @param found of what was found
 */
record OnTarget<S extends Record, T>(List<Wanted<S>> wanted, Function<S, Place> place, Function<T, Found> found) {

    /** Where something desired hangs. */
    record Place(
            @Nullable ServiceNamespace namespace,
            @Nullable String resourceId,
            @Nullable ScalableDimension dimension) {}

    /** What was found, by what tells it from others. */
    record Found(String physicalId, String name, String namespace, String resourceId, String dimension) {}

    /** What a physical id tells. */
    record Named(String namespace, String name) {}

    /** Names to be asked for in one request. */
    record Batch(String namespace, List<String> names) {}

    /**
     * @param size how many names at most
     * @param named reads a physical id
     */
    List<Batch> batches(int size, Function<String, Named> named) {
        Map<String, TreeSet<String>> byNamespace = new TreeMap<>();
        for (Wanted<S> one : wanted) {
            ServiceNamespace namespace =
                    one.desired() == null ? null : place.apply(one.desired()).namespace();
            if (namespace != null && one.physicalName() != null) {
                byNamespace
                        .computeIfAbsent(namespace.toString(), n -> new TreeSet<>())
                        .add(one.physicalName());
            }
            if (one.physicalId() != null) {
                Named recorded = named.apply(one.physicalId());
                byNamespace
                        .computeIfAbsent(recorded.namespace(), n -> new TreeSet<>())
                        .add(recorded.name());
            }
        }
        List<Batch> batches = new ArrayList<>();
        byNamespace.forEach((namespace, names) -> names.stream()
                .gather(Gatherers.windowFixed(size))
                .forEach(window -> batches.add(new Batch(namespace, window))));
        return batches;
    }

    /** Whose each is: by its record, or else by its name on the target that it is desired on. What is nobody's is left out. */
    Map<T, ResourceId> owners(Collection<T> all) {
        Map<String, ResourceId> recorded = new HashMap<>();
        for (Wanted<S> one : wanted) {
            if (one.physicalId() != null) {
                recorded.put(one.physicalId(), one.id());
            }
        }
        Map<T, ResourceId> owners = new LinkedHashMap<>();
        for (T thing : all) {
            Found at = found.apply(thing);
            ResourceId owner = recorded.get(at.physicalId());
            if (owner == null) {
                owner = wanted.stream()
                        .filter(w -> at.name().equals(w.physicalName()) && isOn(w.desired(), at))
                        .map(Wanted::id)
                        .findFirst()
                        .orElse(null);
            }
            if (owner != null) {
                owners.put(thing, owner);
            }
        }
        return owners;
    }

    private boolean isOn(@Nullable S desired, Found at) {
        if (desired == null) {
            return false;
        }
        Place on = place.apply(desired);
        return at.namespace().equals(Scaling.wire(on.namespace()))
                && at.dimension().equals(Scaling.wire(on.dimension()))
                && (on.resourceId() == null
                        || Unresolved.is(on.resourceId())
                        || on.resourceId().equals(at.resourceId()));
    }
}
