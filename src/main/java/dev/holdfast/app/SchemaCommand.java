package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.desired.Schemas;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Writes a JSON Schema for each kind, for editors.")
class SchemaCommand extends LocalCommand {
    @Option(names = "--out", defaultValue = "schemas", description = "Directory. Default: ${DEFAULT-VALUE}")
    private Path out = Path.of("schemas");

    SchemaCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Files.createDirectories(out);
        Map<String, ? extends JsonNode> schemas = Schemas.of(context.catalog());
        for (Map.Entry<String, ? extends JsonNode> schema : schemas.entrySet()) {
            Files.writeString(
                    out.resolve(schema.getKey()),
                    mapper.writerWithDefaultPrettyPrinter().writeValueAsString(schema.getValue()) + "\n");
        }
        out().println("wrote " + schemas.size() + " schemas to " + out);
        out().flush();
        return ExitCodes.FINE;
    }
}
