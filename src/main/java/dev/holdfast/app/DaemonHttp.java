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
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** The HTTP API of a running daemon. */
record DaemonHttp(URI server) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** @throws CommandFailure if the text is not a URL */
    static DaemonHttp at(String url) {
        return new DaemonHttp(InstallationAccess.url(url));
    }

    /**
     * An answer of the daemon.
     *
     * @param tag the ETag of the answer; null if there is none
     */
    record ToldByDaemon(JsonNode answer, @Nullable String tag) {}

    JsonNode get(String path) {
        return call("GET", path, null);
    }

    /** @param before the last answer, which is returned without a second transfer if nothing has changed */
    ToldByDaemon get(String path, @Nullable ToldByDaemon before) {
        return call("GET", path, null, before);
    }

    /** @throws CommandFailure if the daemon refuses the request, with its own message, or if there is no daemon */
    JsonNode call(String method, String path, @Nullable Object body) {
        return call(method, path, body, null).answer();
    }

    private ToldByDaemon call(String method, String path, @Nullable Object body, @Nullable ToldByDaemon before) {
        // An upgrade to HTTP/2 without TLS is incompatible with the server's compression.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(at(server, path))
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .header("Holdfast-User", System.getProperty("user.name", "unknown"))
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body)));
            ConfigProvider.getConfig()
                    .getOptionalValue("HOLDFAST_API_TOKEN", String.class)
                    .ifPresent(t -> request.header("Authorization", "Bearer " + t));
            if (before != null && before.tag() != null) {
                request.header("If-None-Match", before.tag());
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 304 && before != null) {
                return before;
            }
            if (response.statusCode() >= 502 && response.statusCode() <= 504) {
                // A daemon explains its answer; a load balancer answers for a daemon that is being replaced.
                throw new CommandFailure.NoAnswer(server + " answered " + response.statusCode() + ": "
                        + (isProblem(response)
                                ? MAPPER.readTree(response.body())
                                        .path("detail")
                                        .asText()
                                : "no daemon runs behind this address"));
            }
            JsonNode answer = response.body().isBlank() ? MAPPER.nullNode() : MAPPER.readTree(response.body());
            if (response.statusCode() >= 300) {
                String detail = answer.path("detail").asText(response.body());
                throw new CommandFailure(server + " answered " + response.statusCode()
                        + (detail.isBlank()
                                ? ": this server is not a Holdfast daemon, or a proxy has answered"
                                : ": " + detail));
            }
            return new ToldByDaemon(
                    answer, response.headers().firstValue("ETag").orElse(null));
        } catch (JsonProcessingException e) {
            throw new CommandFailure(server + " is not a Holdfast daemon: its answer is not JSON");
        } catch (IOException e) {
            throw new CommandFailure.NoAnswer("no daemon answers at " + server + " (" + reason(e)
                    + "); set its URL with --server, or name its state with --state");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    private static boolean isProblem(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
    }

    private static String reason(IOException e) {
        return switch (e) {
            case HttpTimeoutException late -> "there was no answer in time";
            case ConnectException refused -> "the connection was refused, or the host is not known";
            default -> e.getMessage() == null ? "the connection was cut" : e.getMessage();
        };
    }

    /** The URL of a path that may contain words of the user; the query is encoded already. */
    private static URI at(URI server, String path) {
        int query = path.indexOf('?') < 0 ? path.length() : path.indexOf('?');
        try {
            return new URI(new URI(server.getScheme(), server.getRawAuthority(), path.substring(0, query), null, null)
                    + path.substring(query));
        } catch (URISyntaxException e) {
            throw new CommandFailure("there is no path " + path + " at " + server, USAGE);
        }
    }
}
