package dev.holdfast.twin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.twin.wire.WireException;
import dev.holdfast.twin.wire.WireRequest;
import dev.holdfast.twin.wire.WireResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * AWS in memory, on a port of this machine: any AWS client can talk to it.
 *
 * <p>The account of a call is that of its access key (twelve digits, or anything that ends with {@code -} and twelve
 * digits), the region that of its signature; signatures are not checked.
 */
public final class TwinServer implements AutoCloseable {
    static {
        // Read once, when the JDK's server is first used. Without the first, small answers wait for the client's
        // acknowledgement; without the others, idle connections of the SDK's pool are cut under it.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
        System.setProperty("sun.net.httpserver.idleInterval", "600");
    }

    private final TwinOptions options;
    private final Map<String, TwinAccount> accounts = new ConcurrentHashMap<>();
    private final TwinLog log = new TwinLog();
    private final Gateway gateway;
    private final HttpServer http;
    private final ExecutorService threads;

    private TwinServer(TwinOptions options) throws IOException {
        this.options = options;
        gateway = new Gateway(options.clock(), log, this::account);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 1024);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        http.setExecutor(threads);
        http.createContext("/", this::handle);
    }

    /** @throws IOException if the port is taken */
    public static TwinServer start(TwinOptions options) throws IOException {
        TwinServer server = new TwinServer(options);
        server.http.start();
        return server;
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** What clients take as their endpoint override. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** @param id twelve digits; the account is there as soon as it is asked for */
    public TwinAccount account(String id) {
        return accounts.computeIfAbsent(
                id, x -> new TwinAccount(x, options.clock(), options.settings(), options.seed()));
    }

    public TwinSettings settings() {
        return options.settings();
    }

    public TwinLog log() {
        return log;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            send(exchange, answer(exchange, body));
        }
    }

    private WireResponse answer(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI();
        String id = UUID.randomUUID().toString();
        WireResponse reply;
        try {
            reply = gateway.handle(
                    WireRequest.read(
                            exchange.getRequestMethod(),
                            uri.getRawPath(),
                            uri.getRawQuery(),
                            exchange.getRequestHeaders(),
                            body),
                    id);
        } catch (WireException e) {
            reply = text(400, "MalformedRequest: " + e.getMessage());
        }
        reply.headers().put("x-amzn-RequestId", id);
        reply.headers().put("x-amz-request-id", id);
        reply.headers().put("x-amz-id-2", id);
        return reply;
    }

    private static WireResponse text(int status, @Nullable String text) {
        return WireResponse.of(status, "text/plain", String.valueOf(text).getBytes(StandardCharsets.UTF_8));
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
        if (head || reply.bodiless() || reply.body().length == 0) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body());
    }
}
