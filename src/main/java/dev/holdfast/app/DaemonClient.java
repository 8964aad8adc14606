package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The HTTP client of the commands that talk to a running daemon. */
final class DaemonClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(
            names = "--server",
            defaultValue = "http://127.0.0.1:8080",
            description = "URL of the daemon. Default: ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8080");

    @Option(names = "--stack", description = "Needed if the daemon has several stacks.")
    private @Nullable String stack;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The stack that the command applies to. */
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
                            : "the daemon has the stacks " + String.join(", ", stacks) + ": choose one with --stack",
                    USAGE);
        }
        return stacks.getFirst();
    }

    /** Prints a line for the user. */
    void say(String what) {
        spec.commandLine().getOut().println(what);
        spec.commandLine().getOut().flush();
    }

    private static String reason(IOException e) {
        return switch (e) {
            case HttpTimeoutException late -> "there was no answer in time";
            case ConnectException refused -> "the connection was refused, or the host is not known";
            default -> e.getMessage() == null ? "the connection was cut" : e.getMessage();
        };
    }

    /** The URL of a path in which the user's own words may stand; its query is encoded already. */
    private URI at(String path) {
        int query = path.indexOf('?') < 0 ? path.length() : path.indexOf('?');
        try {
            return new URI(new URI(server.getScheme(), server.getRawAuthority(), path.substring(0, query), null, null)
                    + path.substring(query));
        } catch (URISyntaxException e) {
            throw new CommandFailure("there is no path " + path + " at " + server, USAGE);
        }
    }

    /** @throws CommandFailure if the daemon refuses the request, with its own message, or if there is no daemon */
    JsonNode call(String method, String path, @Nullable Object body) {
        if (server.getHost() == null || !String.valueOf(server.getScheme()).startsWith("http")) {
            throw new CommandFailure(
                    "--server must be a URL such as http://127.0.0.1:8080; found '" + server + "'", USAGE);
        }
        // An upgrade to HTTP/2 without TLS is incompatible with the server's compression.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(at(path))
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
                String detail = answer.path("detail").asText(response.body());
                throw new CommandFailure(server + " answered " + response.statusCode()
                        + (detail.isBlank()
                                ? ": it is not a Holdfast daemon, or a proxy is in between"
                                : ": " + detail));
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw new CommandFailure(server + " is not a Holdfast daemon: its answer is not JSON");
        } catch (IOException e) {
            throw new CommandFailure(
                    "no daemon answers at " + server + " (" + reason(e) + "); set its URL with --server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }
}
