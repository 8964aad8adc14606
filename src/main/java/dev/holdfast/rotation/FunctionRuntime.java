package dev.holdfast.rotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.model.SafeText;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/**
 * Receives events from Lambda, one after the other, and answers them.
 *
 * <p>The class uses Lambda's HTTP interface directly. AWS's client for Java finds its handler by name in its own class
 * loader, which does not have the classes of a packaged Quarkus application, and needs a native library for three
 * requests.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda's runtime API</a>
 */
public final class FunctionRuntime {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final RotationHandler handler;
    private final PrintWriter log;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param api host and port from the variable AWS_LAMBDA_RUNTIME_API
     * @param log the log that CloudWatch Logs receives
     */
    public FunctionRuntime(String api, RotationHandler handler, PrintWriter log) {
        this.base = "http://" + api + "/2018-06-01/runtime/invocation/";
        this.handler = handler;
        this.log = log;
    }

    /** Waits for an event, without a limit: Lambda freezes the process between events. */
    public void serveOne() throws IOException, InterruptedException {
        HttpResponse<String> next =
                http.send(HttpRequest.newBuilder(URI.create(base + "next")).build(), BodyHandlers.ofString());
        String id = next.headers()
                .firstValue("Lambda-Runtime-Aws-Request-Id")
                .orElseThrow(() -> new IOException("Lambda answers " + next.statusCode() + " without an event"));
        try {
            RotationEvent event = event(next.body());
            answer(id, event);
        } catch (RotationFailure e) {
            log.println(SafeText.line("failed: " + e.getMessage()));
            failed(id, String.valueOf(e.getMessage()));
        }
        log.flush();
    }

    private void answer(String id, RotationEvent event) throws IOException, InterruptedException {
        try {
            handler.handle(event);
        } catch (RotationFailure e) {
            throw new RotationFailure(event + ": " + e.getMessage());
        }
        log.println(SafeText.line("done: " + event));
        post(HttpRequest.newBuilder(URI.create(base + id + "/response")).POST(BodyPublishers.ofString("null")));
    }

    private static RotationEvent event(String body) {
        RotationEvent event;
        try {
            event = JSON.readValue(body, RotationEvent.class);
        } catch (JsonProcessingException e) {
            throw new RotationFailure("the event is not an event of Secrets Manager");
        }
        if (event == null || event.step() == null || event.secretId() == null || event.token() == null) {
            throw new RotationFailure("the event lacks Step, SecretId or ClientRequestToken");
        }
        return event;
    }

    private void failed(String id, String message) throws IOException, InterruptedException {
        String error = JSON.writeValueAsString(
                Map.of("errorMessage", message, "errorType", "RotationFailure", "stackTrace", List.of()));
        post(HttpRequest.newBuilder(URI.create(base + id + "/error"))
                .header("Lambda-Runtime-Function-Error-Type", "Holdfast.RotationFailure")
                .POST(BodyPublishers.ofString(error)));
    }

    private void post(HttpRequest.Builder request) throws IOException, InterruptedException {
        int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
        if (status >= 300) {
            throw new IOException("Lambda answers " + status + " to a result");
        }
    }
}
