package dev.holdfast.app;

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
import picocli.CommandLine.Option;

/** A running daemon, to the commands that speak to one. */
final class Server {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(names = "--server", defaultValue = "http://127.0.0.1:8080", description = "Default: ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8080");

    @Option(names = "--stack", description = "May be left out where there is one.")
    private @Nullable String stack;

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
                    "the daemon has the stacks " + stacks + ": say which with --stack", ExitCodes.USAGE);
        }
        return stacks.getFirst();
    }

    /** @throws CommandFailure with the daemon's own words if it refuses, or if there is none */
    JsonNode call(String method, String path, @Nullable Object body) {
        try (HttpClient client = HttpClient.newHttpClient()) {
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
            throw new CommandFailure("no daemon answers at " + server + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }
}
