package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The documented form of the commands' output. */
final class OutputSchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("docs/schemas/inspect.schema.json");

    private OutputSchema() {}

    /** @param form one of the schema's definitions */
    static void check(String form, JsonNode json) throws IOException {
        JsonNode all = JSON.readTree(Files.readString(FILE));
        assertThat(all.path("$defs").has(form)).as(form).isTrue();
        ObjectNode schema = JSON.createObjectNode();
        schema.set("$defs", all.path("$defs"));
        schema.put("$ref", "#/$defs/" + form);
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(schema)
                        .validate(json))
                .as("%s: %s", form, json)
                .isEmpty();
    }
}
