package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.desired.Schemas;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Dependent
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Writes a JSON Schema for each kind, for editors.")
class SchemaCommand implements Callable<Integer> {
    @Option(names = "--out", defaultValue = "schemas", description = "Directory. Default: ${DEFAULT-VALUE}")
    private Path out = Path.of("schemas");

    @Spec
    private CommandSpec spec;

    private final CommandContext context;

    SchemaCommand(CommandContext context) {
        this.context = context;
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
        spec.commandLine().getOut().println("wrote " + schemas.size() + " schemas to " + out);
        spec.commandLine().getOut().flush();
        return ExitCodes.FINE;
    }
}
