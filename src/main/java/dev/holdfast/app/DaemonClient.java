package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.engine.NeededApprovals;
import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes what a person asks of a stack to the operator: over HTTP to a running daemon, or through the state. */
final class DaemonClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** A daemon looks into the state every two seconds. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @Option(
            names = "--server",
            defaultValue = "http://127.0.0.1:8080",
            description = "URL of the daemon. Default: ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--state",
            paramLabel = "LOCATION",
            description =
                    "The daemon's HOLDFAST_STATE (s3://bucket/prefix, or a directory): stores the request there with"
                            + " your AWS credentials, instead of sending it to --server.")
    private @Nullable String state;

    @Option(
            names = "--wait",
            defaultValue = "PT10S",
            description = "With --state: how long to wait for the answer. Default: ${DEFAULT-VALUE}")
    private Duration wait = ANSWER;

    @Option(names = "--stack", description = "Needed if the daemon has several stacks.")
    private @Nullable String stack;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The held steps of the stack, of which an approval is asked. */
    List<HeldStep> held() {
        String location = state;
        if (location != null) {
            try (StateRequests requests = new StateRequests(location)) {
                return requests.held(requests.stack(stack));
            }
        }
        List<HeldStep> held = new ArrayList<>();
        for (JsonNode step : call("GET", stackPath("/plan"), null).path("steps")) {
            if (step.path("approvable").asBoolean()) {
                held.add(new HeldStep(
                        step.path("hash").asText(),
                        ResourceId.parse(step.path("resource").asText()),
                        Action.valueOf(step.path("action").asText()),
                        null,
                        List.of()));
            }
        }
        return held;
    }

    /**
     * Makes a request, and prints what came of it.
     *
     * @param said for the user, if the daemon accepts the request
     * @return the exit code
     */
    int request(RequestedAct act, UnaryOperator<String> said) {
        return state != null ? store(state, act) : send(act, said);
    }

    private int store(String location, RequestedAct act) {
        try (StateRequests requests = new StateRequests(location)) {
            String named = requests.stack(stack);
            String needs = act instanceof RequestedAct.Approve(List<String> steps)
                    ? alsoNeeds(NeededApprovals.besides(steps, requests.held(named)).stream()
                            .map(s -> s.resource().toString())
                            .toList())
                    : "";
            UserRequest request = requests.add(named, act);
            RequestAnswer answer = requests.awaitAnswer(named, request, wait);
            if (answer == null) {
                say(named + ": the request of " + request.by() + " is stored in " + location
                        + ", and no operator has answered it within " + wait.toSeconds()
                        + " s; the operator that holds the stack will" + needs);
                return ExitCodes.FINE;
            }
            if (!answer.carriedOut()) {
                throw new CommandFailure(named + ": " + answer.message());
            }
            say(named + ": " + answer.message() + needs);
            return ExitCodes.FINE;
        }
    }

    private int send(RequestedAct act, UnaryOperator<String> said) {
        JsonNode answer = switch (act) {
            case RequestedAct.Approve(List<String> steps) ->
                call("POST", stackPath("/approvals"), Map.of("steps", steps));
            case RequestedAct.Retry(ResourceId resource) ->
                call("POST", stackPath("/retry"), Map.of("resource", resource.toString()));
            case RequestedAct.Reconcile reconcile -> call("POST", stackPath("/reconcile"), null);
            case RequestedAct.PauseUntil(ResourceId resource, Instant until, String reason) -> {
                Map<String, String> body = new HashMap<>(Map.of("until", until.toString(), "reason", reason));
                if (resource != null) {
                    body.put("resource", resource.toString());
                }
                yield call("POST", stackPath("/pause"), body);
            }
            case RequestedAct.Resume(ResourceId resource) ->
                call(
                        "DELETE",
                        stackPath("/pause")
                                + (resource == null
                                        ? ""
                                        : "?resource="
                                                + URLEncoder.encode(resource.toString(), StandardCharsets.UTF_8)),
                        null);
        };
        List<String> needs = new ArrayList<>();
        answer.path("needs").forEach(step -> needs.add(step.path("resource").asText()));
        say(said.apply(stack()) + alsoNeeds(needs));
        return ExitCodes.FINE;
    }

    private static String alsoNeeds(List<String> resources) {
        return resources.isEmpty() ? "" : "; also needs " + String.join(", ", resources) + " approved";
    }

    /** @throws CommandFailure if the text is not of the form {@code Kind/name} */
    static @Nullable ResourceId resource(@Nullable String text) {
        try {
            return text == null ? null : ResourceId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), USAGE);
        }
    }

    private String stackPath(String below) {
        return "/api/v1/stacks/" + stack() + below;
    }

    /** The stack that the command applies to. */
    private String stack() {
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
        stack = stacks.getFirst();
        return stacks.getFirst();
    }

    private void say(String what) {
        spec.commandLine().getOut().println(SafeText.line(what));
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
    private JsonNode call(String method, String path, @Nullable Object body) {
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
                    .header("Holdfast-User", System.getProperty("user.name", "unknown"))
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
