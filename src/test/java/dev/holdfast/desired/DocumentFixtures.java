package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Good documents of every kind, and a check of the results that any document may have. */
final class DocumentFixtures {
    static final String STACK = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"test"},
             "spec":{"account":"123456789012","region":"eu-west-2","include":["docs.json"]}}
            """;
    /** A stack that includes the documents of {@code base/}. */
    static final String DEV = """
            { "apiVersion": "holdfast.dev/v1", "kind": "Stack", "metadata": { "name": "dev" },
              "spec": { "account": "123456789012", "region": "eu-west-2", "include": ["../base/**"] } }
            """;

    static final String BUCKET = """
            { "apiVersion": "holdfast.dev/v1", "kind": "Bucket", "metadata": { "name": "media" }, "spec": {} }
            """;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path FIXTURES = Path.of("src/test/resources/fields");
    private static final RevisionCodec REVISIONS = new RevisionCodec(TestKinds.all());

    private DocumentFixtures() {}

    /** The documents of each kind's fixture, those of the kind itself last. */
    static Map<String, List<ObjectNode>> byKind() throws IOException {
        Map<String, List<ObjectNode>> all = new TreeMap<>();
        for (String kind : TestKinds.all().all().keySet()) {
            JsonNode fixture = MAPPER.readTree(
                    Files.readString(FIXTURES.resolve(kind + ".json")).replace("{n}", "1"));
            fixture.path("variants").properties().forEach(variant -> {
                List<ObjectNode> documents = new ArrayList<>();
                fixture.path("shared").forEach(d -> documents.add((ObjectNode) d));
                variant.getValue().path("each").forEach(d -> documents.add((ObjectNode) d));
                documents.add(MAPPER.createObjectNode()
                        .put("kind", kind)
                        .put("name", "odd")
                        .set("spec", variant.getValue().path("spec")));
                documents.forEach(DocumentFixtures::envelope);
                all.put(kind + " " + variant.getKey(), documents);
            });
        }
        return all;
    }

    private static void envelope(ObjectNode document) {
        ObjectNode metadata = document.putObject("metadata");
        metadata.set("name", document.remove("name"));
        JsonNode dependsOn = document.remove("dependsOn");
        if (dependsOn != null) {
            metadata.set("dependsOn", dependsOn);
        }
        document.put("apiVersion", "holdfast.dev/v1");
    }

    /** A revision reads back identically; a refusal has a reason, a location and a hint. */
    static void assertAnswered(LoadResult loaded) {
        switch (loaded) {
            case LoadResult.ValidRevision(var revision, var published, var warnings) ->
                assertThat(REVISIONS.read(RevisionCodec.write(revision))).isEqualTo(revision);
            case LoadResult.RefusedRevision(var sha256, var problems) ->
                assertThat(problems).isNotEmpty().allSatisfy(p -> {
                    assertThat(p.line()).isPositive();
                    assertThat(p.column()).isPositive();
                    assertThat(p.hint()).as(p.toString()).isNotBlank().doesNotContain("fault of the operator");
                });
            default -> throw new AssertionError(loaded);
        }
    }
}
