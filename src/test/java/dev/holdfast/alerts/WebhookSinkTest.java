package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The webhook's server answers with success, with an error, late or never, or does not exist. */
class WebhookSinkTest {
    private static final String SECRET = "T0000-B0000-s3cr3t";

    private final List<String> bodies = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private HttpHandler answer = exchange -> answer(exchange, 200);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/services/" + SECRET, exchange -> {
            synchronized (bodies) {
                bodies.add(
                        new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
            answer.handle(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port + "/services/" + SECRET);
    }

    private WebhookSink sink(Duration patience) {
        return new WebhookSink(at(server.getAddress().getPort()), "skinclub", patience);
    }

    private NotDeliveredException failure(Duration patience) {
        try (WebhookSink sink = sink(patience)) {
            NotDeliveredException e = catchThrowableOfType(
                    NotDeliveredException.class, () -> sink.send(SnsSinkTest.alert("EcsService/api", "no")));
            assertThat(e).isNotNull();
            assertThat(e.reason()).doesNotContain(SECRET).doesNotContain("127.0.0.1");
            assertThat(sink.toString()).doesNotContain(SECRET);
            return e;
        }
    }

    @Test
    void speaksSlacksFormat() throws Exception {
        try (WebhookSink sink = sink(Duration.ofSeconds(30))) {
            sink.send(SnsSinkTest.alert("EcsService/api", "a < b & \"c\" <!channel>"));
        }

        JsonNode body = new ObjectMapper().readTree(bodies.getFirst());
        assertThat(body.path("text").asText())
                .isEqualTo(":red_circle: *Critical: prod EcsService/api RolloutFailed*\n"
                        + "a &lt; b &amp; \"c\" &lt;!channel&gt;\n_skinclub, since 2026-01-01T00:00:00Z_");
    }

    @ParameterizedTest
    @CsvSource({"500, true", "503, true", "404, true", "403, true", "302, true", "400, false", "413, false"})
    void whatIsNotTakenIsTriedAgainUnlessItWouldBeRefusedAgain(int status, boolean again) {
        answer = exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            answer(exchange, status);
        };

        NotDeliveredException e = failure(Duration.ofSeconds(30));

        assertThat(e.reason()).isEqualTo("HTTP " + status);
        assertThat(e.retryable()).isEqualTo(again);
        assertThat(bodies).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "'Wed, 21 Oct 2026 07:28:00 GMT', 30", "'', 30"})
    void aServerThatWantsToBeLeftAloneIs(String header, long seconds) {
        answer = exchange -> {
            if (!header.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", header);
            }
            answer(exchange, 429);
        };

        assertThat(failure(Duration.ofSeconds(30)).notBefore()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() {
        answer = exchange -> await();

        NotDeliveredException e = failure(Duration.ofMillis(200));

        assertThat(e.reason()).startsWith("no answer within");
        assertThat(e.retryable()).isTrue();
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("ok".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            await();
        };

        assertThat(failure(Duration.ofMillis(200)).reason()).startsWith("no answer within");
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServerThatCutsTheConnectionIsTriedAgain() {
        answer = HttpExchange::close;

        assertThat(failure(Duration.ofSeconds(30)).retryable()).isTrue();
    }

    @Test
    void whereNobodyListensOrNotHttpIsSpokenIsTriedAgain() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (WebhookSink sink = new WebhookSink(at(free), "skinclub", Duration.ofSeconds(30))) {
            NotDeliveredException e = catchThrowableOfType(
                    NotDeliveredException.class, () -> sink.send(SnsSinkTest.alert("EcsService/api", "no")));
            assertThat(e.reason()).isEqualTo("ConnectException");
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebhookSink sink = new WebhookSink(at(socket.getLocalPort()), "skinclub", Duration.ofSeconds(30))) {
            threads.execute(() -> {
                try (var peer = socket.accept()) {
                    peer.getOutputStream()
                            .write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            NotDeliveredException e = catchThrowableOfType(
                    NotDeliveredException.class, () -> sink.send(SnsSinkTest.alert("EcsService/api", "no")));
            assertThat(e.retryable()).isTrue();
            assertThat(e.reason()).doesNotContain(SECRET);
        }
    }
}
