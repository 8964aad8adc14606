package dev.holdfast.api;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Identifies the operator that answers, and the person whose request it answers. */
@Path("/api/v1/operator")
@Produces(MediaType.APPLICATION_JSON)
public class OperatorResource {
    private final RunningEngine engine;
    private final RunningEvents events;
    private final SignIn signIn;
    private final CurrentVertxRequest current;
    private final String version = ConfigProvider.getConfig().getValue("quarkus.application.version", String.class);

    public OperatorResource(RunningEngine engine, RunningEvents events, SignIn signIn, CurrentVertxRequest current) {
        this.engine = engine;
        this.events = events;
        this.signIn = signIn;
        this.current = current;
    }

    public record OperatorJson(
            @Schema(description = "The version of the program, as holdfast --version prints it.")
            String version,

            @Schema(description = "The state of the change events in words, for example: on, 3 s behind.")
            String events,

            @Schema(description = "Whether the operator has listed the stacks of the desired state since it started.")
            boolean started,

            @Schema(description = "Why the desired state, or that of one stack, cannot be read; null: it can be read.")
            @Nullable
            String sourceFailure,

            PersonJson you) {}

    public record PersonJson(
            String name,

            @Schema(description = "The roles of the person: read, operate, approve.")
            List<String> roles,

            @Schema(description = "The path of the POST that ends the person's session; null: nobody has signed in.")
            @Nullable
            String signOut) {}

    @GET
    public OperatorJson operator() {
        Person person = RequestGate.person(current.getCurrent());
        Person you = person == null ? Person.ANYBODY : person;
        return new OperatorJson(
                version,
                events.status().inWords(),
                engine.isStarted(),
                engine.sourceFailure(),
                new PersonJson(
                        you.name(),
                        you.roles().stream().sorted().map(AccessRole::word).toList(),
                        you.signedIn() && signIn.settings() != null ? SignIn.OUT : null));
    }
}
