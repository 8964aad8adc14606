package dev.holdfast.app;

import jakarta.enterprise.context.Dependent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Dependent
@Command(name = "resume", mixinStandardHelpOptions = true, description = "Ends a pause.")
class ResumeCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "RESOURCE", description = "Kind/name. Default: the whole stack.")
    private @Nullable String resource;

    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        String query = resource == null ? "" : "?resource=" + URLEncoder.encode(resource, StandardCharsets.UTF_8);
        String stack = server.stack();
        server.call("DELETE", "/api/v1/stacks/" + stack + "/pause" + query, null);
        server.say((resource == null ? stack : stack + " " + resource) + " is resumed");
        return ExitCodes.FINE;
    }
}
