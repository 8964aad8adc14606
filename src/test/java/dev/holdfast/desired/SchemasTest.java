package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void the_desired_state_of_this_repository_validates_against_the_schemas() throws IOException {
        // Given
        JsonSchema schema = written(TestKinds.all());
        Map<String, byte[]> files = DesiredCompiler.files(Path.of("desired-state"));

        // When
        Map<String, Set<ValidationMessage>> messages = new java.util.TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!file.getKey().contains("/patches/")) {
                messages.put(file.getKey(), schema.validate(MAPPER.readTree(file.getValue())));
            }
        }

        // Then
        assertThat(messages)
                .isNotEmpty()
                .allSatisfy((file, found) -> assertThat(found).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a good document            | {"cidrBlock":"10.0.0.0/16","tags":{"a":"b"},"enableDnsSupport":true}         | true
        references for any type    | {"cidrBlock":"${params.c}","tags":"${params.t}","enableDnsSupport":"${params.b}","instanceTenancy":"${params.x}"} | true
        null is absent             | {"cidrBlock":"10.0.0.0/16","tags":null,"instanceTenancy":null}               | true
        an unknown field           | {"cidrBlock":"10.0.0.0/16","cidr":1}                                         | false
        a field that is missing    | {"tags":{}}                                                                  | false
        a wrong type               | {"cidrBlock":"10.0.0.0/16","enableDnsSupport":"yes"}                         | false
        text with a reference      | {"cidrBlock":"10.0.0.0/16","enableDnsSupport":"a ${params.b}"}               | false
        a wrong value              | {"cidrBlock":"10.0.0.0/16","instanceTenancy":"shared"}                       | false
        a number among tags        | {"cidrBlock":"10.0.0.0/16","tags":{"a":1}}                                   | false
        """)
    void a_document_validates_exactly_if_it_has_the_shape(String name, String spec, boolean valid) throws IOException {
        // Given
        JsonSchema schema = written(SampleKinds.CATALOG);
        ObjectNode document =
                MAPPER.createObjectNode().put("apiVersion", "holdfast.dev/v1").put("kind", "Vpc");
        document.putObject("metadata").put("name", "main");
        document.set("spec", MAPPER.readTree(spec));

        // When
        Set<ValidationMessage> messages =
                schema.validate(MAPPER.createArrayNode().add(document));

        // Then
        assertThat(messages.isEmpty()).as(name + " " + messages).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Vopc | main      | false
        Vpc  | main_vpc  | false
        Vpc  | Main-1    | true
        """)
    void envelopes_are_described_too(String kind, String name, boolean valid) throws IOException {
        // Given
        JsonSchema schema = written(SampleKinds.CATALOG);
        ObjectNode document =
                MAPPER.createObjectNode().put("apiVersion", "holdfast.dev/v1").put("kind", kind);
        document.putObject("metadata").put("name", name);
        document.putObject("spec").put("cidrBlock", "10.0.0.0/16");

        // When
        Set<ValidationMessage> messages = schema.validate(document);

        // Then
        assertThat(messages.isEmpty()).as(messages.toString()).isEqualTo(valid);
    }

    @Test
    void every_field_of_every_kind_has_a_description() {
        // Given
        List<String> missing = new ArrayList<>();
        List<Class<?>> records =
                new ArrayList<>(List.of(Documents.ResourceDocument.class, Documents.StackDocument.class));
        TestKinds.all().all().values().stream().map(Kind::info).forEach(i -> records.add(i.spec()));

        // When
        Set<Class<?>> seen = new HashSet<>();
        records.forEach(r -> undescribed(r, seen, missing));

        // Then
        assertThat(missing).isEmpty();
    }

    @Test
    void every_property_of_every_schema_has_a_description() {
        // When
        Map<String, ObjectNode> schemas = Schemas.of(TestKinds.all());

        // Then
        Set<String> bare = new TreeSet<>();
        schemas.forEach((file, schema) -> schema.findValues("properties")
                .forEach(p -> p.properties().stream()
                        .filter(e -> !file.equals("Document.json")
                                && e.getValue().path("description").asText().isBlank())
                        .forEach(e -> bare.add(file + " " + e.getKey()))));
        assertThat(bare).isEmpty();
        assertThat(schemas).containsKeys("Vpc.json", "Stack.json", "Document.json");
    }

    private static void undescribed(Type type, Set<Class<?>> seen, List<String> missing) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                undescribed(argument, seen, missing);
            }
        } else if (type instanceof Class<?> c && c.isRecord() && seen.add(c)) {
            JsonType.RecordType inner = new JsonType.RecordType(c);
            inner.fields().values().stream()
                    .filter(f -> f.doc().isBlank())
                    .forEach(f -> missing.add(c.getName() + "." + f.name()));
            for (RecordComponent component : c.getRecordComponents()) {
                undescribed(component.getGenericType(), seen, missing);
            }
        }
    }

    private JsonSchema written(KindCatalog catalog) throws IOException {
        for (Map.Entry<String, ObjectNode> e : Schemas.of(catalog).entrySet()) {
            JsonNode schema = e.getValue();
            Files.writeString(folder.resolve(e.getKey()), schema.toPrettyString());
        }
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(folder.resolve("Document.json").toUri());
    }
}
