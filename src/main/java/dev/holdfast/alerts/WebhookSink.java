package dev.holdfast.alerts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends alerts to a webhook in Slack's format. The webhook's address is a secret: no message of this class contains the
 * address, and no message of the JDK is passed on, because such a message may contain it.
 */
public final class WebhookSink implements Sink, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final URI address;
    private final AlertText text;
    private final Duration answer;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public WebhookSink(URI address, String installation) {
        this(address, installation, ANSWER);
    }

    /** @param answer the time in which the webhook has to answer, including the body */
    WebhookSink(URI address, String installation, Duration answer) {
        this.address = address;
        this.text = new AlertText(installation);
        this.answer = answer;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void send(Alert alert) throws NotDeliveredException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(text.slack(alert).toString()))
                .build();
        // The timeout of an HttpRequest covers only the headers of the answer.
        CompletableFuture<HttpResponse<Void>> sent = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            check(sent.get(answer.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw NotDeliveredException.tryAgain("no answer within " + answer.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw NotDeliveredException.tryAgain(cause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw NotDeliveredException.tryAgain("interrupted");
        } finally {
            sent.cancel(true);
        }
    }

    /** Names only the exception's class: the JDK's messages may contain the address. */
    private static String cause(ExecutionException e) {
        return e.getCause() instanceof IOException io ? io.getClass().getSimpleName() : "no connection";
    }

    /** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
    private static void check(HttpResponse<Void> response) throws NotDeliveredException {
        int status = response.statusCode();
        String said = "HTTP " + status;
        if (status / 100 == 2) {
            return;
        }
        if (status == 429) {
            Duration wait = Duration.ofSeconds(response.headers()
                    .firstValue("Retry-After")
                    .map(WebhookSink::seconds)
                    .orElse(30L));
            throw NotDeliveredException.tryAgainIn(wait, said);
        }
        throw status == 400 || status == 413
                ? NotDeliveredException.refused(said)
                : NotDeliveredException.tryAgain(said);
    }

    /** The header may contain a date instead of seconds; then the default applies. */
    private static long seconds(String header) {
        return header.matches("\\d{1,5}") ? Long.parseLong(header) : 30;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public String toString() {
        return "WebhookSink";
    }
}
