package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a composite's document changes in its parts, and which of them it leaves out. */
record Overrides(ResourceId composite, Located.Obj spec, List<Problem> problems) {

    /** @return the parts that are left, changed */
    Map<ResourceId, Located.Obj> apply(Map<ResourceId, Located.Obj> parts) {
        Map<ResourceId, Located.Obj> result = new TreeMap<>(parts);
        if (spec.get("overrides") instanceof Located.Obj overrides) {
            // What is said of one part comes after what is said of its kind.
            overrides.members().entrySet().stream()
                    .sorted(Comparator.comparing(e -> e.getKey().contains("/")))
                    .forEach(e -> {
                        Located said = e.getValue().value();
                        Located change = said instanceof Located.Obj o ? o.withNulls() : said;
                        meant(e.getKey(), e.getValue().key(), parts)
                                .forEach(id -> result.computeIfPresent(id, (same, d) -> overridden(d, change)));
                    });
        }
        if (spec.get("without") instanceof Located.Arr without) {
            for (Located element : without.elements()) {
                String text = element.text();
                if (text != null) {
                    meant(text, element.place(), parts).forEach(result::remove);
                }
            }
        }
        return result;
    }

    private static Located.Obj overridden(Located.Obj document, Located change) {
        Located spec = document.get("spec");
        return document.with("spec", spec == null ? change : spec.merge(change));
    }

    private Set<ResourceId> meant(String key, Place place, Map<ResourceId, Located.Obj> parts) {
        Set<ResourceId> meant = new TreeSet<>();
        Set<String> known = new TreeSet<>();
        parts.keySet().forEach(id -> {
            known.add(id.kind());
            known.add(id.toString());
            if (key.equals(id.kind()) || key.equals(id.toString())) {
                meant.add(id);
            }
        });
        if (meant.isEmpty()) {
            problems.add(place.problem(
                    composite + " has no part \"" + key + "\"", "a Kind or Kind/name; " + Nearest.hint(key, known)));
        }
        return meant;
    }
}
