package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Revision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** A stack's resources as separate documents, patched and expanded, which a test can change one by one. */
final class FlatStack {
    private static final ObjectMapper JSON = new ObjectMapper();

    final ArrayNode documents = JSON.createArrayNode();
    private final ObjectNode stack = JSON.createObjectNode();

    /**
     * The resources of a stack in the repository's desired state, none of which is retained when its document is
     * removed.
     */
    static FlatStack of(String name) {
        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Path.of("desired-state"))
                .get(name);
        Revision revision = CompiledStack.valid(loaded);
        FlatStack flat = new FlatStack();
        flat.stack
                .put("account", revision.settings().account())
                .put("region", revision.settings().region())
                .putArray("include")
                .add("docs.json");
        flat.stack
                .putObject("limits")
                .put("maxDeletes", 999)
                .put("maxReplaces", 999)
                .put("maxUpdates", 999)
                .put("maxRollouts", 999);
        flat.stack.putObject("tags").put("Project", "Test");
        revision.resources().values().forEach(flat::add);
        return flat;
    }

    private void add(DesiredResource resource) {
        ObjectNode document = documents
                .addObject()
                .put("apiVersion", "holdfast.dev/v1")
                .put("kind", resource.id().kind());
        ObjectNode metadata =
                document.putObject("metadata").put("name", resource.id().name());
        if (resource.region() != null) {
            metadata.put("region", resource.region());
        }
        ArrayNode after = metadata.putArray("dependsOn");
        resource.dependsOn().forEach(id -> after.add(id.toString()));
        document.putObject("lifecycle").put("onDelete", "Delete").put("onReplace", "Allow");
        document.set("spec", resource.spec().deepCopy());
    }

    FlatStack tag(String key, String value) {
        stack.putObject("tags").put(key, value);
        return this;
    }

    /** Changes the spec of every resource of a kind. The first argument is the resource's name. */
    FlatStack each(String kind, BiConsumer<String, ObjectNode> change) {
        for (JsonNode document : documents) {
            if (document.path("kind").asText().equals(kind)) {
                change.accept(document.at("/metadata/name").asText(), (ObjectNode) document.get("spec"));
            }
        }
        return this;
    }

    /** Keeps only the resources of one kind. */
    FlatStack only(String kind) {
        return without("(?!" + kind + "/).*");
    }

    /** @param resources a pattern of {@code Kind/name} */
    FlatStack without(String resources) {
        for (int i = documents.size() - 1; i >= 0; i--) {
            JsonNode document = documents.get(i);
            if ((document.path("kind").asText() + "/"
                            + document.at("/metadata/name").asText())
                    .matches(resources)) {
                documents.remove(i);
            }
        }
        return this;
    }

    /** Gives each resource another name, under which it takes over the object of its former name. */
    FlatStack renamed(String suffix) {
        String text = documents.toString();
        for (JsonNode document : documents) {
            String id = document.path("kind").asText() + "/"
                    + document.at("/metadata/name").asText();
            text = text.replaceAll("(\\$\\{|\")" + Pattern.quote(id) + "([}.\"])", "$1" + id + suffix + "$2");
        }
        documents.removeAll();
        try {
            JSON.readTree(text).forEach(documents::add);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        for (JsonNode document : documents) {
            String former = document.at("/metadata/name").asText();
            ((ObjectNode) document.path("metadata")).put("name", former + suffix);
            ((ObjectNode) document.path("lifecycle"))
                    .put("adopt", "IfUnowned")
                    .put("id", document.path("kind").asText() + "/" + former);
        }
        return this;
    }

    Map<String, byte[]> files(String name) {
        ObjectNode document =
                JSON.createObjectNode().put("apiVersion", "holdfast.dev/v1").put("kind", "Stack");
        document.putObject("metadata").put("name", name);
        document.set("spec", stack);
        return Map.of(name + "/stack.json", bytes(document), name + "/docs.json", bytes(documents));
    }

    Revision revision(String name) {
        return CompiledStack.valid(
                new DesiredCompiler(TestKinds.all()).compile(files(name)).get(name));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
