package dev.holdfast.twin.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request after decoding: the body has no chunks and no compression, and its trailers are headers.
 *
 * @param segments the parts of the path, still URL-encoded; a trailing slash leaves an empty last part
 * @param headers names are compared without regard to case
 */
@SuppressWarnings("ArrayRecordComponent") // no code compares or changes the arrays
public record WireRequest(
        String method,
        String path,
        List<String> segments,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        byte[] body,
        @Nullable Signature signature) {

    /** @throws WireException if chunks, compression or encoding are broken */
    public static WireRequest read(
            String method, String rawPath, @Nullable String rawQuery, Map<String, List<String>> rawHeaders, byte[] raw)
            throws WireException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(rawHeaders);
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (rawQuery != null) {
            parameters(
                    rawQuery,
                    (k, v) -> query.computeIfAbsent(k, x -> new ArrayList<>()).add(v));
        }
        byte[] body = AwsChunked.decode(raw, headers);
        Signature signature = Signature.of(first(headers, "Authorization"), first(query, "X-Amz-Credential"));
        // an S3 object with the encoding gzip is stored as it is; in other services gzip is the SDK's request
        // compression
        if ("gzip".equals(first(headers, "Content-Encoding"))
                && (signature == null || !signature.service().equals("s3"))) {
            body = unzip(body);
        }
        return new WireRequest(method, rawPath, segments(rawPath), query, headers, body, signature);
    }

    public @Nullable String header(String name) {
        return first(headers, name);
    }

    public @Nullable String queryValue(String name) {
        return first(query, name);
    }

    static List<String> segments(String path) {
        String bare = path.startsWith("/") ? path.substring(1) : path;
        return bare.isEmpty() ? List.of() : List.of(bare.split("/", -1));
    }

    static void parameters(String form, BiConsumer<String, String> to) throws WireException {
        if (form.isEmpty()) {
            return;
        }
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                to.accept(decode(pair), "");
            } else {
                to.accept(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
    }

    /** In a path, unlike in a query, a plus sign stands for itself. */
    static String decodeLabel(String label) throws WireException {
        return decode(label.replace("+", "%2B"));
    }

    private static String decode(String encoded) throws WireException {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new WireException("not URL-encoded: " + encoded, e);
        }
    }

    private static byte[] unzip(byte[] body) throws WireException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new WireException("not gzip", e);
        }
    }

    private static @Nullable String first(Map<String, List<String>> values, String name) {
        List<String> all = values.get(name);
        return all == null || all.isEmpty() ? null : all.getFirst();
    }
}
