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
 * A resource of a revision that is being compiled. It was checked alone, but not against the other resources yet.
 *
 * @param document with params substituted and nulls removed
 * @param uses the references in the spec
 */
record ResourceDraft(
        ResourceId id,
        Kind<?> kind,
        SourceLocation location,
        LocatedJson.Obj document,
        List<JsonTypeCheck.ReferenceUse> uses,
        List<DependsOnEntry> dependsOn,
        @Nullable ResourceId owner) {

    /** An entry of dependsOn. */
    record DependsOnEntry(ResourceId id, SourceLocation location) {}

    LocatedJson.Obj spec() {
        LocatedJson.Obj spec = document.object("spec");
        return spec == null ? new LocatedJson.Obj(location, new LinkedHashMap<>()) : spec;
    }

    @Nullable
    String region() {
        return document.metadataText("region");
    }

    ResourceDraft ownedBy(@Nullable ResourceId composite) {
        return new ResourceDraft(id, kind, location, document, uses, dependsOn, composite);
    }

    /** The finished resource. Must be called only for a draft without problems. */
    DesiredResource resource() {
        Set<ResourceId> after = new TreeSet<>();
        dependsOn.forEach(d -> after.add(d.id()));
        Map<String, String> labels = new TreeMap<>();
        if (document.get("metadata") instanceof LocatedJson.Obj metadata
                && metadata.get("labels") instanceof LocatedJson.Obj declared) {
            declared.members().keySet().forEach(k -> labels.put(k, EnvelopeText.text(declared, k)));
        }
        return new DesiredResource(
                id,
                (ObjectNode) spec().toJson(),
                SettingsReader.lifecycle(document.get("lifecycle")),
                after,
                owner,
                region(),
                labels);
    }
}
