package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server answers with the method, the path, the query, a header and the body of the request. */
class HttpFrontTest {
    private HttpFront server;
    private Socket socket;

    @BeforeEach
    void start() throws IOException {
        server = new HttpFront(0, HttpFrontTest::answer);
        socket = connected();
    }

    private Socket connected() throws IOException {
        Socket connected = new Socket(InetAddress.getLoopbackAddress(), server.port());
        connected.setSoTimeout(20_000);
        return connected;
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
        server.close();
    }

    private static @Nullable WireResponse answer(WireRequest request, String id) {
        if (request.path().equals("/cut")) {
            return null;
        }
        if (request.path().equals("/none")) {
            return WireResponse.of(204, "text/plain", new byte[0]);
        }
        String text = String.join(
                "|",
                request.method(),
                request.path(),
                request.query().toString(),
                String.valueOf(request.header("x-Test")),
                new String(request.body(), StandardCharsets.UTF_8));
        WireResponse reply = WireResponse.of(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
        reply.headers().put("x-long", "a\r\nb");
        return reply;
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads up to this text, which has to come. */
    private String until(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("after %s", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    /** Reads up to the end of the connection. */
    private String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aConnectionCarriesOneRequestAfterAnother() throws IOException {
        send("GET /a%20b//+?x=1&y HTTP/1.1\r\nHost: h\r\nX-TEST:  v \r\n\r\n");
        assertThat(until("v|")).startsWith("HTTP/1.1 200 ").contains("\r\n\r\nGET|/a%20b//+|{x=[1], y=[]}|v|");

        send("PUT //b HTTP/1.1\r\ncontent-length: 3\r\n\r\nabcGET /two HTTP/1.1\r\n");
        assertThat(until("|abc")).contains("\r\nContent-Length: 19\r\n", "PUT|//b|{}|null|abc");
        send("Connection: close\r\n\r\n");

        assertThat(rest()).contains("\r\nConnection: close\r\n").endsWith("GET|/two|{}|null|");
    }

    @Test
    void aBodyComesInChunksAndLaterThanItsHeaders() throws IOException {
        send("PUT /b HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

        send("3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nx-test: trailer\r\n\r\n");

        assertThat(until("789")).contains("PUT|/b|{}|null|abc0123456789");
        String large = "y".repeat(3_000_000);
        send("PUT /b HTTP/1.1\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n" + large);
        assertThat(rest()).endsWith("PUT|/b|{}|null|" + large);
    }

    @Test
    void anAnswerToHeadAndOneWithoutContentHaveNoBody() throws IOException {
        send("HEAD /a HTTP/1.1\r\n\r\n");
        assertThat(until("\r\n\r\n")).contains("\r\nContent-Length: 16\r\n", "\r\nx-long: a b\r\n");

        send("GET /none HTTP/1.1\r\n\r\n");
        assertThat(until("\r\n\r\n")).startsWith("HTTP/1.1 204 ").doesNotContain("Content-Length");

        send("GET /a HTTP/1.0\r\n\r\n");
        assertThat(rest()).endsWith("GET|/a|{}|null|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "GET /%zz HTTP/1.1",
                "GET mailto:a HTTP/1.1",
                "GET / HTTP/2.0",
                "GET / HTTP/1.1\r\nno header",
                "GET / HTTP/1.1\r\nName : value",
                "GET / HTTP/1.1\r\nContent-Length: -1",
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
                "GET / HTTP/1.1\r\nTransfer-Encoding: gzip",
                "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmany"
            })
    void malformedRequestsAreAnsweredWith400AndEndTheConnection(String request) throws IOException {
        send(request + "\r\n\r\n");

        assertThat(until("Malformed request: ")).startsWith("HTTP/1.1 400 ").contains("\r\nConnection: close\r\n");
        rest();
    }

    @Test
    void headersWithoutEndAreRefused() throws IOException {
        send("GET / HTTP/1.1\r\nX-Test: " + "x".repeat(1 << 20));

        assertThat(until("Malformed request: ")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aCutConnectionEndsWithoutAnAnswer() throws IOException {
        send("GET /cut HTTP/1.1\r\n\r\n");

        assertThat(rest()).isEmpty();
    }

    @Test
    void aCloseInterruptsHandlersAndEndsAllConnections() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        HttpFront waiting = new HttpFront(0, (request, id) -> {
            asked.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return null;
        });
        try (Socket busy = new Socket(InetAddress.getLoopbackAddress(), waiting.port());
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), waiting.port())) {
            busy.setSoTimeout(20_000);
            idle.setSoTimeout(20_000);
            busy.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            asked.await();
            int port = waiting.port();

            waiting.close();

            interrupted.await();
            assertThat(busy.getInputStream().read()).isNegative();
            assertThat(idle.getInputStream().read()).isNegative();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                    .isInstanceOf(ConnectException.class);
            new HttpFront(port, HttpFrontTest::answer).close();
        }
    }
}
