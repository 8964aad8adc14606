package dev.holdfast.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data of a stack by which its resources are found in events.
 *
 * @param account null: it is unknown yet, and no event concerns the stack
 * @param origin the object from which this record was built: the same origin has the same resources
 */
public record KnownStack(String name, @Nullable String account, List<KnownResource> resources, Object origin) {
    /**
     * One resource.
     *
     * @param outputs the outputs by name
     * @param former physical ids that the drift report still contains: the event of a deletion may arrive after the
     *     repair
     */
    record KnownResource(
            ResourceId id,
            @Nullable String physicalId,
            Map<String, Object> outputs,
            @Nullable JsonNode spec,
            Set<String> former) {
        KnownResource(
                ResourceId id, @Nullable String physicalId, Map<String, Object> outputs, @Nullable JsonNode spec) {
            this(id, physicalId, outputs, spec, Set.of());
        }
    }

    /** A stack of this process. */
    public static KnownStack of(StackView view) {
        Map<ResourceId, Set<String>> former = new HashMap<>();
        for (DriftItem item : view.drift()) {
            String physicalId = item.physicalId();
            if (item.type() == DriftItem.DriftType.Missing && physicalId != null) {
                former.computeIfAbsent(item.resource(), id -> new HashSet<>()).add(physicalId);
            }
        }
        return new KnownStack(
                view.name(),
                view.settings() == null ? null : view.settings().account(),
                view.resources().values().stream()
                        .map(r -> new KnownResource(
                                r.id(), r.physicalId(), r.outputs(), r.spec(), former.getOrDefault(r.id(), Set.of())))
                        .toList(),
                view);
    }

    /**
     * A stack of another process, from its last view in the state.
     *
     * @return null if the JSON has not the form of a view
     */
    static @Nullable KnownStack of(String stack, JsonNode kept) {
        String account = EventParser.text(kept.path("stack"), "account");
        List<KnownResource> resources = new ArrayList<>();
        for (JsonNode one : kept.path("resources").path("items")) {
            String kind = EventParser.text(one, "kind");
            String name = EventParser.text(one.path("metadata"), "name");
            String physicalId = EventParser.text(one.path("status"), "physicalId");
            if (kind.isEmpty() || name.isEmpty()) {
                return null;
            }
            Map<String, Object> outputs = new HashMap<>();
            one.path("status")
                    .path("outputs")
                    .properties()
                    .forEach(output -> outputs.put(output.getKey(), value(output.getValue())));
            resources.add(new KnownResource(
                    new ResourceId(kind, name), physicalId.isEmpty() ? null : physicalId, outputs, one.path("spec")));
        }
        return account.isEmpty() ? null : new KnownStack(stack, account, resources, kept);
    }

    private static Object value(JsonNode output) {
        if (output.isContainerNode()) {
            List<Object> values = new ArrayList<>();
            output.forEach(one -> values.add(value(one)));
            return values;
        }
        return output.asText();
    }
}
