package dev.holdfast.twin.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection, one after another. One thread at a time may use it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112, HTTP/1.1</a>
 */
final class HttpReader {
    /** Bytes that are read at once: more than most requests of AWS's clients have. */
    private static final int BUFFER = 4096;
    /** The most bytes of a request's line and headers, or of a chunked body's trailers. */
    private static final int MOST_HEAD = 1 << 20;

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VERSION = Pattern.compile("HTTP/1\\.[0-9]");
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /**
     * A request as it was sent, except that the body has no chunks of HTTP any more.
     *
     * @param headers names are compared without regard to case
     * @param last whether the client expects that the connection is closed after the answer
     */
    @SuppressWarnings("ArrayRecordComponent") // no code compares or changes the arrays
    record RawRequest(String method, URI uri, Map<String, List<String>> headers, byte[] body, boolean last) {}

    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    /** The bytes of the head that may still come. */
    private int left;

    /** @param out receives the answer to {@code Expect: 100-continue} */
    HttpReader(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * @return null if the client has closed the connection
     * @throws WireException if the bytes are no request of HTTP/1.1; the rest of the connection cannot be read then
     * @throws IOException if the connection ends within a request
     */
    @Nullable
    RawRequest next() throws IOException, WireException {
        if (at == end && !fill()) {
            return null;
        }
        left = MOST_HEAD;
        String start = line();
        if (start.isEmpty()) { // RFC 9112, section 2.2: one empty line before a request is ignored
            start = line();
        }
        String[] parts = start.split(" ", -1);
        if (parts.length != 3
                || !TOKEN.matcher(parts[0]).matches()
                || !VERSION.matcher(parts[2]).matches()) {
            throw new WireException("not a request of HTTP/1.1");
        }
        URI uri = uri(parts[1]);
        Map<String, List<String>> headers = headers();
        byte[] body = body(headers);
        String connection = String.join(",", headers.getOrDefault("Connection", List.of()));
        boolean last = connection.equalsIgnoreCase("close")
                || (parts[2].equals("HTTP/1.0") && !connection.equalsIgnoreCase("keep-alive"));
        return new RawRequest(parts[0], uri, headers, body, last);
    }

    /** The host goes before a path, because a path may begin with two slashes (an S3 key that begins with one). */
    private static URI uri(String target) throws WireException {
        try {
            URI uri = new URI(target.startsWith("/") ? "http://twin" + target : target);
            if (uri.getRawPath() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new WireException("not a URI: " + target, e);
        }
        throw new WireException("a URI without a path: " + target);
    }

    private Map<String, List<String>> headers() throws IOException, WireException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0));
            if (!TOKEN.matcher(name).matches()) {
                throw new WireException("not a header: " + line);
            }
            headers.computeIfAbsent(name, n -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException, WireException {
        List<String> encodings = headers.get("Transfer-Encoding");
        List<String> lengths = headers.get("Content-Length");
        if (encodings == null && lengths == null) {
            return new byte[0];
        }
        int length = lengths == null ? 0 : number(lengths, 10);
        if (String.join(",", headers.getOrDefault("Expect", List.of())).equalsIgnoreCase("100-continue")) {
            out.write(CONTINUE);
        }
        if (encodings == null) {
            return exactly(length);
        }
        if (lengths != null || !String.join(",", encodings).equalsIgnoreCase("chunked")) {
            throw new WireException("the only transfer encoding without a length is chunked");
        }
        return chunks();
    }

    private byte[] chunks() throws IOException, WireException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            left = MOST_HEAD;
            String line = line();
            int semicolon = line.indexOf(';');
            String size = semicolon < 0 ? line : line.substring(0, semicolon);
            int length = number(List.of(size.strip()), 16);
            if (length == 0) {
                headers(); // trailers, which no client of AWS sends outside of aws-chunked
                return body.toByteArray();
            }
            body.writeBytes(exactly(length));
            if (!line().isEmpty()) {
                throw new WireException("a chunk is longer than it says");
            }
        }
    }

    private static int number(List<String> values, int radix) throws WireException {
        try {
            int number = Integer.parseInt(values.getFirst(), radix);
            if (number >= 0 && values.stream().allMatch(values.getFirst()::equals)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new WireException("not a length: " + values, e);
        }
        throw new WireException("not a length: " + values);
    }

    private byte[] exactly(int length) throws IOException {
        if (length <= end - at) {
            at += length;
            return Arrays.copyOfRange(buffer, at - length, at);
        }
        int buffered = end - at;
        // readNBytes takes memory only for the bytes that arrive, not for the length that a client claims
        byte[] rest = in.readNBytes(length - buffered);
        if (rest.length < length - buffered) {
            throw new EOFException("the connection ended within a body");
        }
        byte[] bytes = new byte[length];
        System.arraycopy(buffer, at, bytes, 0, buffered);
        System.arraycopy(rest, 0, bytes, buffered, rest.length);
        at = end;
        return bytes;
    }

    /** The next line without its end. */
    private String line() throws IOException, WireException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.append(new String(buffer, from, at - from, StandardCharsets.ISO_8859_1));
            left -= at - from + 1;
            if (left < 0) {
                throw new WireException("the headers have more than " + MOST_HEAD + " bytes");
            }
            if (at < end) {
                at++;
                int length = line.length();
                return line.substring(0, length > 0 && line.charAt(length - 1) == '\r' ? length - 1 : length);
            }
            if (!fill()) {
                throw new EOFException("the connection ended within the headers");
            }
        }
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(in.read(buffer, 0, buffer.length), 0);
        return end > 0;
    }
}
