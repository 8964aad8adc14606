package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A running daemon, to the commands that speak to one. */
final class DaemonClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(names = "--server", defaultValue = "http://127.0.0.1:8080", description = "Default: ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8080");

    @Option(names = "--stack", description = "May be left out where there is one.")
    private @Nullable String stack;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The stack that is meant. */
    String stack() {
        String named = stack;
        if (named != null) {
            return named;
        }
        List<String> stacks = new ArrayList<>();
        call("GET", "/api/v1/stacks", null)
                .path("items")
                .forEach(s -> stacks.add(s.path("name").asText()));
        if (stacks.size() != 1) {
            throw new CommandFailure(
                    stacks.isEmpty()
                            ? "the daemon at " + server + " has no stack"
                            : "the daemon has the stacks " + String.join(", ", stacks) + ": say which with --stack",
                    USAGE);
        }
        return stacks.getFirst();
    }

    /** Tells the user what was asked of the daemon. */
    void say(String what) {
        spec.commandLine().getOut().println(what);
        spec.commandLine().getOut().flush();
    }

    /** @throws CommandFailure with the daemon's own words if it refuses, or if there is none */
    JsonNode call(String method, String path, @Nullable Object body) {
        if (server.getHost() == null || !String.valueOf(server.getScheme()).startsWith("http")) {
            throw new CommandFailure("--server wants a URL as in http://127.0.0.1:8080, not '" + server + "'", USAGE);
        }
        // An upgrade to HTTP/2 in the clear and the server's compression do not go together.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body)));
            ConfigProvider.getConfig()
                    .getOptionalValue("HOLDFAST_API_TOKEN", String.class)
                    .ifPresent(t -> request.header("Authorization", "Bearer " + t));
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode answer = response.body().isBlank() ? MAPPER.nullNode() : MAPPER.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new CommandFailure(server + " says " + response.statusCode() + ": "
                        + answer.path("detail").asText(response.body()));
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw new CommandFailure(server + " does not answer as a holdfast daemon does");
        } catch (IOException e) {
            throw new CommandFailure("no daemon answers at " + server + " ("
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                    + "); --server says where it is");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }
}
