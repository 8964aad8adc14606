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

/** Which operator answers, and as whom it knows the person who asks. */
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
            @Schema(description = "Of the program, as holdfast --version tells it.")
            String version,

            @Schema(description = "Whether change events arrive, for people to read: on, 3 s behind.")
            String events,

            @Schema(description = "Whether the stacks of the desired state were listed once.")
            boolean started,

            @Schema(description = "Why the desired state, or that of one stack, cannot be read; null: it can be read.")
            @Nullable
            String sourceFailure,

            PersonJson you) {}

    public record PersonJson(
            String name,

            @Schema(description = "What the person may do: read, operate, approve.")
            List<String> roles,

            @Schema(description = "Where a POST ends the session of a person who has signed in; null: nobody has.")
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
