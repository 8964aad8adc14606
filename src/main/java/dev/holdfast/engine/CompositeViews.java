package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.desired.Reference;
import dev.holdfast.desired.References;
import dev.holdfast.model.Condition;
import dev.holdfast.model.DesiredComposite;
import dev.holdfast.model.Health;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The row of each composite, derived from the rows of its parts: it has their worst status, and it is ready if all
 * parts are.
 */
final class CompositeViews {
    /** The desired spec of a composite, and those of its outputs that are known. */
    record CompositeValues(ObjectNode spec, Map<String, Object> outputs) {
        /**
         * @param output returns the output of a part, or null while it is not known; outputs that contain it are then
         *     not known either
         */
        static CompositeValues of(DesiredComposite composite, Function<Reference, @Nullable JsonNode> output) {
            Map<String, Object> outputs = new TreeMap<>();
            composite.outputs().forEach((name, value) -> {
                boolean known = References.in(value).stream().allMatch(r -> output.apply(r) != null);
                if (known) {
                    ObjectNode one = JsonNodeFactory.instance.objectNode();
                    one.set(name, value);
                    outputs.put(name, References.resolve(one, output).get(name));
                }
            });
            ObjectNode spec = References.resolve(composite.spec(), reference -> {
                JsonNode value = output.apply(reference);
                return value != null ? value : TextNode.valueOf("${" + reference.text() + "}");
            });
            return new CompositeValues(spec, outputs);
        }
    }

    private final Map<ResourceId, ResourceView> resources;
    private final Map<ResourceId, CompositeValues> said;

    private CompositeViews(Map<ResourceId, ResourceView> resources, Map<ResourceId, CompositeValues> said) {
        this.resources = resources;
        this.said = said;
    }

    /** @param said the values of the composites that are still desired */
    static Map<ResourceId, ResourceView> of(
            Map<ResourceId, ResourceView> resources, Map<ResourceId, CompositeValues> said) {
        Map<ResourceId, List<ResourceView>> parts = new TreeMap<>();
        resources.values().forEach(r -> {
            if (r.owner() != null) {
                parts.computeIfAbsent(r.owner(), k -> new ArrayList<>()).add(r);
            }
        });
        CompositeViews views = new CompositeViews(resources, said);
        Map<ResourceId, ResourceView> rows = new TreeMap<>();
        parts.forEach((id, of) -> rows.put(id, views.view(id, of)));
        return rows;
    }

    private ResourceView view(ResourceId id, List<ResourceView> parts) {
        CompositeValues of = said.get(id);
        // As in the status of the stack, an orphaned part that is kept must not hide the status of another part.
        ResourceView worst = parts.stream()
                .min(Comparator.comparing((ResourceView part) -> part.status() == Status.Orphaned)
                        .thenComparing(ResourceView::status))
                .orElseThrow();
        boolean settled = worst.status() == Status.Synced;
        ResourceView.ShownChange last = parts.stream()
                .map(ResourceView::lastChange)
                .filter(Objects::nonNull)
                .max(Comparator.comparing(ResourceView.ShownChange::at))
                .orElse(null);
        return new ResourceView(
                id,
                worst.stack(),
                null,
                of == null ? null : of.spec(),
                null,
                null,
                worst.status(),
                settled ? null : worst.reason(),
                settled ? null : of(worst.id(), worst.message()),
                ready(parts),
                of == null ? Map.of() : of.outputs(),
                List.of(),
                earliest(parts.stream().map(ResourceView::observedAt).toList()),
                Map.of(),
                last,
                earliest(parts.stream()
                        .map(ResourceView::retryAt)
                        .filter(Objects::nonNull)
                        .toList()),
                dependsOn(id, parts),
                ResourceView.ShownOutlook.NONE,
                Map.of());
    }

    private static String of(ResourceId part, @Nullable String message) {
        return message == null ? part.toString() : part + ": " + message;
    }

    /**
     * Ready is False if a part is not ready, otherwise Unknown if the readiness of a part is unknown. It is True since
     * the last part became ready.
     */
    private static List<Condition> ready(List<ResourceView> parts) {
        Condition worst = null;
        ResourceId of = null;
        for (ResourceView part : parts) {
            for (Condition condition : part.conditions()) {
                if (condition.type() == Condition.ConditionType.Ready && (worst == null || worse(condition, worst))) {
                    worst = condition;
                    of = part.id();
                }
            }
        }
        if (worst == null || of == null) {
            return List.of();
        }
        String message = worst.status() == Health.Ready.True ? null : of(of, worst.message());
        return List.of(new Condition(
                worst.type(), worst.status(), worst.reason(), message, worst.since(), worst.observedRevision()));
    }

    private static boolean worse(Condition one, Condition other) {
        int rank = rank(one.status()) - rank(other.status());
        return rank > 0
                || (rank == 0
                        && one.status() == Health.Ready.True
                        && one.since().isAfter(other.since()));
    }

    private static int rank(Health.Ready ready) {
        return switch (ready) {
            case True -> 0;
            case Unknown -> 1;
            case False -> 2;
        };
    }

    /** Null if one of the times is not known. */
    private static @Nullable Instant earliest(List<@Nullable Instant> times) {
        Instant earliest = null;
        for (Instant time : times) {
            if (time == null) {
                return null;
            }
            earliest = earliest == null || time.isBefore(earliest) ? time : earliest;
        }
        return earliest;
    }

    /**
     * The dependencies of a composite; a dependency that is part of another composite is represented by that composite.
     */
    private List<ResourceId> dependsOn(ResourceId id, List<ResourceView> parts) {
        Set<ResourceId> own = new HashSet<>();
        parts.forEach(p -> own.add(p.id()));
        Set<ResourceId> needed = new TreeSet<>();
        parts.forEach(part -> part.dependsOn().stream()
                .filter(on -> !own.contains(on))
                .forEach(on -> {
                    ResourceView view = resources.get(on);
                    ResourceId owner = view == null ? null : view.owner();
                    needed.add(owner == null ? on : owner);
                }));
        needed.remove(id);
        return List.copyOf(needed);
    }
}
