package dev.holdfast.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.twin.wire.CborText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy in front of a twin that rewrites answers, as if AWS kept less than it receives. */
final class RewritingProxy implements AutoCloseable {
    private static final Set<String> OWN = Set.of("host", "connection", "content-length", "expect", "upgrade");

    private static final Pattern SIGNED_FOR = Pattern.compile("/([^/]+)/aws4_request");

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI behind;
    private final BinaryOperator<String> answers;

    /**
     * @param answers rewrites the body of a successful answer; its arguments are the service's name in signatures and
     *     the body (CBOR as JSON)
     */
    RewritingProxy(URI behind, BinaryOperator<String> answers) {
        this.behind = behind;
        this.answers = answers;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            behind.resolve(exchange.getRequestURI().toString()))
                    .method(
                            exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    exchange.getRequestBody().readAllBytes()));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            response.headers().map().forEach((name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                    values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
            });
            byte[] body = response.statusCode() >= 300 ? response.body() : rewritten(exchange, response);
            exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] rewritten(HttpExchange exchange, HttpResponse<byte[]> response) {
        String service = service(exchange);
        return response.headers().firstValue("content-type").orElse("").contains("cbor")
                ? CborText.rewritten(response.body(), text -> answers.apply(service, text))
                : answers.apply(service, new String(response.body(), StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static String service(HttpExchange exchange) {
        String signature = exchange.getRequestHeaders().getFirst("Authorization");
        Matcher scope = SIGNED_FOR.matcher(signature == null ? "" : signature);
        return scope.find() ? scope.group(1) : "";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
