package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.JsonPointers;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The differences between two revisions of a stack: its settings, its documents, and the resources that they expand to.
 * They show that a secret has changed, but never its value.
 *
 * @param from the SHA-256 of the former revision
 * @param to the SHA-256 of the other revision
 * @param documents the settings of the stack, the composites, and the resources that no composite contains
 * @param resources all resources, expanded
 */
public record RevisionDiff(String from, String to, List<DocumentChange> documents, List<DocumentChange> resources) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SECRET_BEFORE = "(sensitive)";
    private static final String SECRET_AFTER = "(sensitive, changed)";

    public enum ChangeType {
        Added,
        Removed,
        Changed
    }

    /**
     * A document, or a resource, that differs.
     *
     * @param id {@code Kind/name}; the settings are {@code Stack/name}
     * @param owner the composite that contains the resource, or null
     * @param fields the fields that differ; after an addition or removal, all fields of the first level
     */
    public record DocumentChange(
            String id, ChangeType type, @Nullable String owner, List<ValueChange> fields) {}

    /** @param path a JSON pointer into the document; null values: absent */
    public record ValueChange(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    public static RevisionDiff of(Revision from, Revision to, KindCatalog catalog) {
        JsonNode old = canonical(from);
        JsonNode now = canonical(to);
        Map<String, JsonNode> oldResources = resources(old);
        Map<String, JsonNode> newResources = resources(now);
        Set<String> parts = new TreeSet<>();
        for (Revision revision : List.of(from, to)) {
            revision.resources().values().stream()
                    .filter(r -> r.owner() != null && revision.composites().containsKey(r.owner()))
                    .forEach(r -> parts.add(r.id().toString()));
        }
        Map<String, String> owners = new TreeMap<>();
        List.of(from, to).forEach(r -> r.resources().values().forEach(one -> note(one, owners)));
        List<DocumentChange> resources = changes(oldResources, newResources, owners, catalog);
        List<DocumentChange> documents = new ArrayList<>(changes(settings(old), settings(now), Map.of(), catalog));
        documents.addAll(changes(composites(old), composites(now), Map.of(), catalog));
        resources.stream().filter(r -> !parts.contains(r.id())).forEach(documents::add);
        return new RevisionDiff(from.sha256(), to.sha256(), documents, resources);
    }

    public boolean isEmpty() {
        return documents.isEmpty() && resources.isEmpty();
    }

    /** The canonical form of a revision, in which secrets are hidden. */
    public static JsonNode shown(Revision revision, KindCatalog catalog) {
        JsonNode all = canonical(revision);
        all.path("resources").forEach(document -> {
            Kind<?> kind = catalog.find(document.path("kind").asText());
            if (kind != null && document instanceof ObjectNode object) {
                object.set(
                        "spec",
                        JsonType.hidden(
                                document.path("spec"), JsonType.of(kind.info().spec())));
            }
        });
        return all;
    }

    private static void note(DesiredResource resource, Map<String, String> owners) {
        ResourceId owner = resource.owner();
        if (owner != null) {
            owners.put(resource.id().toString(), owner.toString());
        }
    }

    private static JsonNode canonical(Revision revision) {
        try {
            return MAPPER.readTree(RevisionCodec.write(revision));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, JsonNode> resources(JsonNode revision) {
        Map<String, JsonNode> all = new TreeMap<>();
        revision.path("resources")
                .forEach(r -> all.put(
                        r.path("kind").asText() + "/"
                                + r.path("metadata").path("name").asText(),
                        r));
        return all;
    }

    private static Map<String, JsonNode> composites(JsonNode revision) {
        Map<String, JsonNode> all = new TreeMap<>();
        revision.path("composites")
                .properties()
                .forEach(c -> all.put(
                        c.getKey(),
                        JsonNodeFactory.instance
                                .objectNode()
                                .set("spec", c.getValue().path("spec"))));
        return all;
    }

    private static Map<String, JsonNode> settings(JsonNode revision) {
        JsonNode stack = revision.path("stack");
        return Map.of(
                "Stack/" + stack.path("name").asText(),
                JsonNodeFactory.instance.objectNode().set("spec", stack.path("spec")));
    }

    private static List<DocumentChange> changes(
            Map<String, JsonNode> old, Map<String, JsonNode> now, Map<String, String> owners, KindCatalog catalog) {
        List<DocumentChange> all = new ArrayList<>();
        Set<String> ids = new TreeSet<>(old.keySet());
        ids.addAll(now.keySet());
        for (String id : ids) {
            JsonNode before = old.get(id);
            JsonNode after = now.get(id);
            if (Objects.equals(before, after)) {
                continue;
            }
            Kind<?> kind = catalog.find(id.substring(0, id.indexOf('/')));
            List<ValueChange> fields = new ArrayList<>();
            for (String member : List.of("metadata", "lifecycle", "spec")) {
                JsonType type = member.equals("spec") && kind != null
                        ? JsonType.of(kind.info().spec())
                        : null;
                compare("/" + member, member(before, member), member(after, member), type, fields);
            }
            all.add(new DocumentChange(
                    id,
                    before == null ? ChangeType.Added : after == null ? ChangeType.Removed : ChangeType.Changed,
                    owners.get(id),
                    fields));
        }
        return all;
    }

    private static @Nullable JsonNode member(@Nullable JsonNode object, String name) {
        return object == null ? null : object.get(name);
    }

    /** Objects are compared member by member; everything else as a whole. */
    private static void compare(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after,
            @Nullable JsonType type,
            List<ValueChange> to) {
        if (Objects.equals(before, after)) {
            return;
        }
        boolean objects = (before == null || before.isObject()) && (after == null || after.isObject());
        if (!objects || (path.indexOf('/', 1) > 0 && (before == null || after == null))) {
            to.add(new ValueChange(path, hidden(before, type), hidden(after, type)));
            return;
        }
        Set<String> names = new TreeSet<>();
        names(before, names);
        names(after, names);
        for (String name : names) {
            String below = path + "/" + JsonPointers.escaped(name);
            JsonNode old = member(before, name);
            JsonNode now = member(after, name);
            if (JsonType.isSecret(type, name)) {
                if (!Objects.equals(old, now)) {
                    to.add(new ValueChange(
                            below,
                            secret(old, SECRET_BEFORE),
                            secret(now, old == null ? SECRET_BEFORE : SECRET_AFTER)));
                }
            } else {
                compare(below, old, now, JsonType.inner(type, name), to);
            }
        }
    }

    private static @Nullable JsonNode secret(@Nullable JsonNode value, String shown) {
        return value == null ? null : JsonNodeFactory.instance.textNode(shown);
    }

    private static @Nullable JsonNode hidden(@Nullable JsonNode value, @Nullable JsonType type) {
        return value == null ? null : JsonType.hidden(value, type);
    }

    private static void names(@Nullable JsonNode object, Set<String> to) {
        if (object != null) {
            object.fieldNames().forEachRemaining(to::add);
        }
    }
}
