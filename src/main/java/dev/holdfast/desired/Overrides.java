package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The changes that a composite's document makes to its parts, and the parts that it leaves out. */
record Overrides(ResourceId composite, LocatedJson.Obj spec, List<Problem> problems) {

    /** @return the remaining parts, with the changes applied */
    Map<ResourceId, LocatedJson.Obj> apply(Map<ResourceId, LocatedJson.Obj> parts) {
        Map<ResourceId, LocatedJson.Obj> result = new TreeMap<>(parts);
        if (spec.get("overrides") instanceof LocatedJson.Obj overrides) {
            // An override for one part is applied after an override for the part's kind.
            overrides.members().entrySet().stream()
                    .sorted(Comparator.comparing(e -> e.getKey().contains("/")))
                    .forEach(e -> {
                        LocatedJson value = e.getValue().value();
                        LocatedJson change = value instanceof LocatedJson.Obj o ? o.withNulls() : value;
                        targets(e.getKey(), e.getValue().key(), parts)
                                .forEach(id -> result.computeIfPresent(id, (same, d) -> overridden(d, change)));
                    });
        }
        if (spec.get("without") instanceof LocatedJson.Arr without) {
            for (LocatedJson element : without.elements()) {
                String text = element.text();
                if (text != null) {
                    targets(text, element.location(), parts).forEach(result::remove);
                }
            }
        }
        return result;
    }

    private static LocatedJson.Obj overridden(LocatedJson.Obj document, LocatedJson change) {
        LocatedJson spec = document.get("spec");
        return document.with("spec", spec == null ? change : spec.merge(change));
    }

    private Set<ResourceId> targets(String key, SourceLocation location, Map<ResourceId, LocatedJson.Obj> parts) {
        Set<ResourceId> targets = new TreeSet<>();
        Set<String> known = new TreeSet<>();
        parts.keySet().forEach(id -> {
            known.add(id.kind());
            known.add(id.toString());
            if (key.equals(id.kind()) || key.equals(id.toString())) {
                targets.add(id);
            }
        });
        if (targets.isEmpty()) {
            problems.add(location.problem(
                    composite + " has no part \"" + key + "\"",
                    "name a Kind or Kind/name; " + NameSuggestion.hint(key, known)));
        }
        return targets;
    }
}
