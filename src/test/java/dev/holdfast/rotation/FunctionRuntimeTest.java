package dev.holdfast.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The answers of the function to Lambda, which an HTTP server replaces, and the lines of its log. */
class FunctionRuntimeTest {
    private static final String TOKEN = "00000000-0000-4000-8000-000000000001";

    private final Deque<String> events = new ArrayDeque<>();
    private final List<String> answers = new ArrayList<>();
    private final StringWriter log = new StringWriter();

    private HttpServer lambda;
    private TwinServer twin;
    private SecretsManagerClient secrets;
    private FunctionRuntime runtime;

    @BeforeEach
    void start() throws IOException {
        lambda = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        lambda.createContext("/2018-06-01/runtime/invocation/", this::lambda);
        lambda.start();
        twin = TwinServer.start(TwinOptions.defaults());
        secrets = OverHttp.client(SecretsManagerClient.class, twin.endpoint(), "111122223333");
        runtime = new FunctionRuntime(
                "127.0.0.1:" + lambda.getAddress().getPort(),
                new RotationHandler(secrets, new TlsLogins(null)),
                new PrintWriter(log));
    }

    @AfterEach
    void stop() {
        secrets.close();
        twin.close();
        lambda.stop(0);
    }

    private void lambda(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] answer = new byte[0];
        if (path.endsWith("/next")) {
            String event = events.poll();
            if (event != null) {
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "request-" + events.size());
                answer = event.getBytes(StandardCharsets.UTF_8);
            }
        } else {
            answers.add(path.substring(path.indexOf("request-")) + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        }
        exchange.sendResponseHeaders(path.endsWith("/next") ? 200 : 202, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String event(String step) {
        return "{\"Step\":\"" + step + "\",\"SecretId\":\"s\",\"ClientRequestToken\":\"" + TOKEN
                + "\",\"SomethingNew\":{}}";
    }

    private void secret(String value) {
        secrets.createSecret(r -> r.name("s").secretString(value));
    }

    @Test
    void answersAnEventThatSucceeds() throws Exception {
        secret("{\"engine\":\"postgres\",\"host\":\"h\",\"username\":\"u\",\"password\":\"Hidden-1\"}");
        events.add(event("createSecret"));

        runtime.serveOne();

        assertThat(answers).containsExactly("request-0/response null");
        assertThat(log).hasToString("done: createSecret of s" + System.lineSeparator());
        assertThat(secrets.describeSecret(r -> r.secretId("s"))
                        .versionIdsToStages()
                        .get(TOKEN))
                .containsExactly("AWSPENDING");
    }

    @Test
    void reportsAFailureWithoutAnyPartOfTheValue() throws Exception {
        secret("Hidden-1, no JSON {");
        events.add(event("createSecret"));

        runtime.serveOne();

        String message = "createSecret of s: the value of AWSCURRENT is not a JSON object";
        assertThat(answers)
                .singleElement()
                .asString()
                .startsWith("request-0/error ")
                .contains(message);
        assertThat(log).hasToString("failed: " + message + System.lineSeparator());
        assertThat(answers.toString()).doesNotContain("Hidden");
    }

    @Test
    void aStepThatComesTooEarlyFails() throws Exception {
        secret("{\"engine\":\"postgres\",\"host\":\"h\",\"username\":\"u\",\"password\":\"p\"}");
        events.add(event("setSecret"));

        runtime.serveOne();

        assertThat(answers).singleElement().asString().contains("the secret has no such version");
    }

    @Test
    void saysWhatIsWrongWithASecret() throws Exception {
        secret("{\"engine\":\"oracle\",\"host\":\"h\",\"username\":\"u\",\"password\":\"p\"}");
        events.add(event("createSecret"));
        events.add("{\"Records\":[]}");

        runtime.serveOne();
        runtime.serveOne();

        assertThat(answers.get(0)).contains("none of postgres, mysql and mariadb");
        assertThat(answers.get(1)).contains("the event lacks Step, SecretId or ClientRequestToken");
    }

    @Test
    void anAnswerWithoutAnEventEndsTheFunction() {
        assertThatThrownBy(runtime::serveOne).isInstanceOf(IOException.class).hasMessageContaining("without an event");
    }

    /** A server without TLS receives no credentials. */
    @Test
    void sendsNoPasswordWithoutTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(() -> {
                try (Socket client = plain.accept()) {
                    byte[] request = client.getInputStream().readNBytes(8);
                    client.getOutputStream().write('N');
                    return request.length + client.getInputStream().readAllBytes().length;
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            secret("{\"engine\":\"postgres\",\"host\":\"localhost\",\"port\":" + plain.getLocalPort()
                    + ",\"username\":\"u\",\"password\":\"Hidden-1\"}");
            events.add(event("createSecret"));
            events.add(event("setSecret"));
            runtime.serveOne();

            runtime.serveOne();

            assertThat(heard.get()).isEqualTo(8);
            assertThat(answers.get(1)).contains("cannot log in as u: no connection");
        }
    }
}
