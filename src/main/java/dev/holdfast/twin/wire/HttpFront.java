package dev.holdfast.twin.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** An HTTP server on the loopback interface, with one virtual thread for each request. */
public final class HttpFront implements AutoCloseable {
    static {
        // The JDK reads these properties once, at the first use of its server. Without nodelay, a small answer waits
        // for an acknowledgement of the client. Without the others, the server cuts idle connections of the SDK's pool.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "6000");
        System.setProperty("sun.net.httpserver.idleInterval", "600");
    }

    private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());
    /** The limit of the list: a bug repeats itself. */
    private static final int MOST_BUGS = 100;

    /** Answers requests. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @return null to cut the connection without an answer
         * @throws WireException if the answer is HTTP 400
         */
        @Nullable
        WireResponse handle(WireRequest request, String requestId) throws WireException;
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Handler handler;
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();

    /**
     * @param port 0 selects a free port
     * @throws IOException if the port is in use
     */
    public HttpFront(int port, Handler handler) throws IOException {
        this.handler = handler;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** The first exceptions of the handler that no request can cause, in order: bugs of this program. */
    public List<Throwable> bugs() {
        return List.copyOf(bugs);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) { // a close before an answer cuts the connection
            byte[] body = exchange.getRequestBody().readAllBytes();
            WireResponse reply = answer(exchange, body);
            if (reply != null) {
                send(exchange, reply);
            }
        }
    }

    private @Nullable WireResponse answer(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI();
        String id = UUID.randomUUID().toString();
        // The task runs in this thread and catches each throwable. The JDK's server would cut the connection after a
        // bug without a report.
        FutureTask<@Nullable WireResponse> task = new FutureTask<>(() -> handler.handle(
                WireRequest.read(
                        exchange.getRequestMethod(),
                        uri.getRawPath(),
                        uri.getRawQuery(),
                        exchange.getRequestHeaders(),
                        body),
                id));
        task.run();
        WireResponse reply = task.state() == Future.State.SUCCESS ? task.resultNow() : failed(task.exceptionNow());
        if (reply != null) {
            reply.headers().put("x-amzn-RequestId", id);
            reply.headers().put("x-amz-request-id", id);
            reply.headers().put("x-amz-id-2", id);
        }
        return reply;
    }

    private WireResponse failed(Throwable why) {
        if (why instanceof WireException malformed) {
            return text(400, "Malformed request: " + malformed.getMessage());
        }
        LOG.log(System.Logger.Level.ERROR, "the twin failed to handle a request", why);
        if (bugs.size() < MOST_BUGS) {
            bugs.add(why);
        }
        return text(500, "InternalFailure: " + why);
    }

    private static WireResponse text(int status, String text) {
        return WireResponse.of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, WireResponse reply) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        reply.headers().forEach((name, value) -> {
            if (head || !name.equalsIgnoreCase("Content-Length")) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        if (head && !reply.headers().containsKey("Content-Length")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(reply.body().length));
        }
        boolean bodiless = head || reply.status() == 204 || reply.status() == 304 || reply.body().length == 0;
        exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : reply.body().length);
        if (!bodiless) {
            exchange.getResponseBody().write(reply.body());
        }
    }
}
