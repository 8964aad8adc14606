package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.engine.NeededApprovals;
import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends the requests of a person to the operator: over HTTP to a running daemon, or through the state. */
final class DaemonClient {
    /** A daemon checks the state for requests every two seconds. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @Mixin
    private InstallationAccess access = new InstallationAccess();

    @Option(
            names = "--wait",
            defaultValue = "PT10S",
            description = "For a request through the state: how long to wait for the answer. Default: ${DEFAULT-VALUE}")
    private Duration wait = ANSWER;

    private @Nullable String stack;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The steps of the stack that wait for an approval. */
    List<HeldStep> held() {
        String location = access.state();
        if (location != null) {
            try (StateRequests requests = new StateRequests(location)) {
                return requests.held(requests.stack(access.stack()));
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
     * Makes a request, and prints the result.
     *
     * @param said the text for the user if the daemon accepts the request
     * @return the exit code
     */
    int request(RequestedAct act, UnaryOperator<String> said) {
        String location = access.state();
        return location != null ? store(location, act) : send(act, said);
    }

    private int store(String location, RequestedAct act) {
        try (StateRequests requests = new StateRequests(location)) {
            String named = requests.stack(access.stack());
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
                        + " s; the operator that holds the stack will answer it" + needs);
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
        return resources.isEmpty() ? "" : "; it also needs the approval of " + String.join(", ", resources);
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
        String known = stack;
        if (known == null) {
            String named = access.stack();
            known = named != null ? named : new ServerInspector(access.daemon()).onlyStack();
            stack = known;
        }
        return known;
    }

    private void say(String what) {
        spec.commandLine().getOut().println(SafeText.line(what));
        spec.commandLine().getOut().flush();
    }

    private JsonNode call(String method, String path, @Nullable Object body) {
        return access.daemon().call(method, path, body);
    }
}
