package dev.holdfast.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider with the smallest part of OpenID Connect: discovery, keys, the code flow. */
final class IdentityProvider implements AutoCloseable {
    static final String CLIENT = "holdfast";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    final KeyPair key = pair();
    private final Map<String, Map<String, Object>> codes = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();
    /** The person who signs in, and the groups of this person. */
    volatile String person = "ann@example.com";

    volatile List<String> groups = List.of();

    IdentityProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    static KeyPair pair() {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
            pairs.initialize(2048);
            return pairs.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The variables of an operator whose people sign in with this provider. */
    Map<String, String> variables() {
        return Map.of(
                "HOLDFAST_OIDC_ISSUER",
                issuer(),
                "HOLDFAST_OIDC_CLIENT_ID",
                CLIENT,
                "HOLDFAST_OIDC_CLIENT_SECRET",
                "0123456789abcdef0123456789abcdef");
    }

    /** The claims of a good token. */
    Map<String, Object> claims(String email, String... held) {
        Map<String, Object> claims = new TreeMap<>();
        long now = Instant.now().getEpochSecond();
        claims.put("iss", issuer());
        claims.put("aud", CLIENT);
        claims.put("sub", "subject of " + email);
        claims.put("email", email);
        claims.put("groups", List.of(held));
        claims.put("iat", now);
        claims.put("exp", now + 300);
        return claims;
    }

    String token(Map<String, Object> claims) {
        return token("RS256", claims, key);
    }

    static String token(String algorithm, Map<String, Object> claims, KeyPair key) {
        try {
            String content = part(Map.of("alg", algorithm, "typ", "JWT", "kid", "k1")) + "." + part(claims);
            if (algorithm.equals("none")) {
                return content + ".";
            }
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(Map<String, ?> members) {
        try {
            return url(JSON.writeValueAsBytes(members));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String url(byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    private static String url(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return url(bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/.well-known/openid-configuration" ->
                    json(
                            exchange,
                            Map.of(
                                    "issuer", issuer(),
                                    "authorization_endpoint", issuer() + "/authorize",
                                    "token_endpoint", issuer() + "/token",
                                    "jwks_uri", issuer() + "/keys"));
                case "/keys" -> {
                    RSAPublicKey key = (RSAPublicKey) this.key.getPublic();
                    json(
                            exchange,
                            Map.of(
                                    "keys",
                                    List.of(Map.of(
                                            "kty",
                                            "RSA",
                                            "use",
                                            "sig",
                                            "alg",
                                            "RS256",
                                            "kid",
                                            "k1",
                                            "n",
                                            url(key.getModulus()),
                                            "e",
                                            url(key.getPublicExponent())))));
                }
                case "/authorize" -> {
                    Map<String, String> asked = query(exchange.getRequestURI().getRawQuery());
                    String code = "code" + issued.incrementAndGet();
                    Map<String, Object> claims = claims(person, groups.toArray(String[]::new));
                    claims.put("nonce", String.valueOf(asked.get("nonce")));
                    codes.put(code, claims);
                    exchange.getResponseHeaders()
                            .set(
                                    "Location",
                                    asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state"));
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/token" -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    Map<String, Object> claims =
                            codes.remove(String.valueOf(query(body).get("code")));
                    if (claims == null) {
                        exchange.sendResponseHeaders(400, -1);
                    } else {
                        json(
                                exchange,
                                Map.of(
                                        "id_token",
                                        token(claims),
                                        "access_token",
                                        token(claims),
                                        "token_type",
                                        "Bearer"));
                    }
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static Map<String, String> query(String text) {
        Map<String, String> members = new TreeMap<>();
        for (String pair : text.split("&", -1)) {
            int at = pair.indexOf('=');
            members.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return members;
    }

    private static void json(HttpExchange exchange, Map<String, ?> body) throws IOException {
        byte[] content = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    URI uri() {
        return URI.create(issuer());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
