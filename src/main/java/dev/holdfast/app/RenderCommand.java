package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Dependent
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = "Prints a stack's resources as the engine sees them: patched, expanded, with params substituted.")
class RenderCommand extends LocalCommand {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Mixin
    private StackInDirectory target = new StackInDirectory();

    RenderCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter out = out();
        ArrayNode documents = MAPPER.createArrayNode();
        for (DesiredResource resource :
                target.revision(context, err()).resources().values()) {
            ObjectNode document = documents.addObject();
            document.put("apiVersion", "holdfast.dev/v1")
                    .put("kind", resource.id().kind());
            ObjectNode metadata =
                    document.putObject("metadata").put("name", resource.id().name());
            if (!resource.dependsOn().isEmpty()) {
                ArrayNode after = metadata.putArray("dependsOn");
                resource.dependsOn().stream().map(ResourceId::toString).sorted().forEach(after::add);
            }
            if (resource.owner() != null) {
                metadata.put("owner", resource.owner().toString());
            }
            document.set("spec", resource.spec());
        }
        out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(documents));
        out.flush();
        return ExitCodes.FINE;
    }
}
