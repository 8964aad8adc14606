package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.app.StackInspector.StackPart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A watching command reads often. It receives only changed answers again, and reports events that it missed. */
class WatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatHasNotChangedIsNotSentAgain() throws IOException {
        List<Integer> answers = new CopyOnWriteArrayList<>();
        AtomicReference<String> tag = new AtomicReference<>("\"1\"");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/stacks/one/resources", exchange -> {
            boolean same = tag.get().equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            // Before the answer: the caller may go on as soon as it has the answer.
            answers.add(same ? 304 : 200);
            byte[] body = ("{\"items\":[" + tag.get() + "]}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("ETag", tag.get());
            exchange.sendResponseHeaders(same ? 304 : 200, same ? -1 : body.length);
            if (!same) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        try (StackInspector inspector = new ServerInspector(new DaemonHttp(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort())))) {
            JsonNode first = inspector.part("one", StackPart.RESOURCES);
            JsonNode second = inspector.part("one", StackPart.RESOURCES);
            tag.set("\"2\"");
            JsonNode third = inspector.part("one", StackPart.RESOURCES);

            assertThat(answers).containsExactly(200, 304, 200);
            assertThat(second).isEqualTo(first);
            assertThat(third).isEqualTo(JSON.readTree("{\"items\":[\"2\"]}"));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void eventsThatCameTooFastAreCounted() throws IOException {
        JsonNode later = Objects.requireNonNull(JSON.readTree("[{\"id\":7},{\"id\":8}]"));

        assertThat(EventsCommand.missed(6, later)).isZero();
        assertThat(EventsCommand.missed(3, later)).isEqualTo(3);
        assertThat(EventsCommand.missed(0, later)).as("the first look").isZero();
        assertThat(EventsCommand.missed(3, JSON.createArrayNode())).isZero();
        assertThat(EventsCommand.missed(3, JSON.readTree("[{\"id\":1000001}]")))
                .as("of another process")
                .isZero();
        // The ids of a daemon that has lost its former ids.
        assertThat(EventsCommand.missed(9, later)).isZero();
    }

    @Test
    void whyADaemonCannotAnswerIsSaidInItsOwnWords() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<String> type = new AtomicReference<>("application/problem+json");
        server.createContext("/api/v1/stacks", exchange -> {
            byte[] body = "{\"status\":503,\"detail\":\"the operator is starting\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type.get());
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        DaemonHttp daemon = new DaemonHttp(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        try {
            assertThatThrownBy(() -> daemon.get("/api/v1/stacks"))
                    .isInstanceOf(CommandFailure.NoAnswer.class)
                    .hasMessageEndingWith("answered 503: the operator is starting");
            type.set("application/json");
            assertThatThrownBy(() -> daemon.get("/api/v1/stacks"))
                    .isInstanceOf(CommandFailure.NoAnswer.class)
                    .hasMessageEndingWith("answered 503: no daemon runs behind this address");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anOutageOfTheDaemonIsSaidOnceAndSurvived() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger status = new AtomicInteger(200);
        server.createContext("/api/v1/stacks", exchange -> {
            byte[] body = (status.get() == 200 ? "{\"items\":[]}" : "<html>Bad Gateway</html>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        StringWriter said = new StringWriter();
        Outage outage = new Outage(new PrintWriter(said));
        StackInspector inspector = new ServerInspector(new DaemonHttp(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
        try {
            status.set(502);
            assertThatThrownBy(() -> outage.survived(inspector::stacks))
                    .as("nobody has ever answered there")
                    .isInstanceOf(CommandFailure.NoAnswer.class);
            status.set(200);
            assertThat(outage.survived(inspector::stacks)).isNotNull();
            status.set(502);
            assertThat(outage.survived(inspector::stacks)).isNull();
            assertThat(outage.survived(inspector::stacks)).isNull();
            status.set(200);
            assertThat(outage.survived(inspector::stacks)).isNotNull();
            // A refusal by the daemon itself ends the command.
            status.set(404);
            assertThatThrownBy(() -> outage.survived(inspector::stacks)).isInstanceOf(CommandFailure.class);
        } finally {
            server.stop(0);
        }
        assertThat(outage.survived(inspector::stacks)).isNull();
        assertThat(said.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("answered 502", "continues until a daemon answers"),
                        line -> assertThat(line).isEqualTo("the daemon answers again"),
                        line -> assertThat(line).contains("no daemon answers at", "the connection was refused"));
    }
}
