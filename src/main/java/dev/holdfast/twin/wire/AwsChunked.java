package dev.holdfast.twin.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The aws-chunked content encoding: signed chunks inside the body, and checksums in trailers.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">Signature calculations</a>
 */
final class AwsChunked {
    private AwsChunked() {}

    /** @param headers receives the trailers; headers that describe the chunked form are corrected */
    static byte[] decode(byte[] body, Map<String, List<String>> headers) throws WireException {
        String encodings = String.join(",", headers.getOrDefault("Content-Encoding", List.of()));
        boolean streaming = headers.getOrDefault("x-amz-content-sha256", List.of()).stream()
                .anyMatch(s -> s.startsWith("STREAMING-"));
        if (!streaming && !encodings.contains("aws-chunked")) {
            return body;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream(body.length);
        int at = 0;
        while (true) {
            int end = endOfLine(body, at);
            int size = size(new String(body, at, end - at, StandardCharsets.ISO_8859_1));
            at = end + 2;
            if (size == 0) {
                break;
            }
            if (size < 0 || size > body.length - at - 2) {
                throw new WireException("a chunk is shorter than it says");
            }
            content.write(body, at, size);
            at += size + 2;
        }
        trailers(new String(body, at, body.length - at, StandardCharsets.ISO_8859_1), headers);
        String rest = Arrays.stream(encodings.split(",", -1))
                .map(String::trim)
                .filter(s -> !s.isEmpty() && !s.equals("aws-chunked"))
                .collect(Collectors.joining(","));
        if (rest.isEmpty()) {
            headers.remove("Content-Encoding");
        } else {
            headers.put("Content-Encoding", List.of(rest));
        }
        headers.put("Content-Length", List.of(Integer.toString(content.size())));
        return content.toByteArray();
    }

    private static int endOfLine(byte[] body, int from) throws WireException {
        for (int i = from; i < body.length - 1; i++) {
            if (body[i] == '\r' && body[i + 1] == '\n') {
                return i;
            }
        }
        throw new WireException("a chunk has no header");
    }

    private static int size(String line) throws WireException {
        int semicolon = line.indexOf(';');
        try {
            return Integer.parseInt(semicolon < 0 ? line : line.substring(0, semicolon), 16);
        } catch (NumberFormatException e) {
            throw new WireException("a chunk's size is no number", e);
        }
    }

    private static void trailers(String text, Map<String, List<String>> headers) {
        for (String line : text.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon),
                        List.of(line.substring(colon + 1).trim()));
            }
        }
    }
}
