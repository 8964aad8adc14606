package dev.holdfast.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One resource on its way into a revision: checked for itself, not yet against the others.
 *
 * @param document params substituted, nulls gone
 * @param uses the references in its spec
 */
record Draft(
        ResourceId id,
        Kind<?> kind,
        Place place,
        Located.Obj document,
        List<ShapeCheck.Use> uses,
        List<Dependency> dependsOn,
        @Nullable ResourceId owner) {

    /** An entry of dependsOn. */
    record Dependency(ResourceId id, Place place) {}

    Located.Obj spec() {
        Located.Obj spec = document.object("spec");
        return spec == null ? new Located.Obj(place, new LinkedHashMap<>()) : spec;
    }

    @Nullable
    String region() {
        Located.Obj metadata = document.object("metadata");
        return metadata == null ? null : metadata.text("region");
    }

    Draft ownedBy(@Nullable ResourceId composite) {
        return new Draft(id, kind, place, document, uses, dependsOn, composite);
    }

    /** Only for a draft without problems. */
    DesiredResource resource() {
        Set<ResourceId> after = new TreeSet<>();
        dependsOn.forEach(d -> after.add(d.id()));
        Map<String, String> labels = new TreeMap<>();
        if (document.get("metadata") instanceof Located.Obj metadata
                && metadata.get("labels") instanceof Located.Obj declared) {
            declared.members().keySet().forEach(k -> labels.put(k, Plain.text(declared, k)));
        }
        return new DesiredResource(
                id,
                (ObjectNode) spec().toJson(),
                Settings.lifecycle(document.get("lifecycle")),
                after,
                owner,
                region(),
                labels);
    }
}
