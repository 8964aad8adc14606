package dev.holdfast.twin.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes answers of HTTP/1.1.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-4">RFC 9112, section 4: the reason may be empty</a>
 */
final class HttpWriter {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n]+");

    private HttpWriter() {}

    /**
     * Writes the whole answer at once, so that it takes one system call.
     *
     * @param head whether the request was HEAD: the answer has the headers of the answer to GET, and no body
     * @param last whether the connection is closed after this answer
     */
    static void write(WireResponse reply, boolean head, boolean last, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder(512);
        text.append("HTTP/1.1 ").append(reply.status()).append(" \r\n");
        // the date of the machine: clients compare it with their own clock, not with the twin's
        header(text, "Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        if (last) {
            header(text, "Connection", "close");
        }
        String declared = null;
        for (var one : reply.headers().entrySet()) {
            if (one.getKey().equalsIgnoreCase("Content-Length")) {
                declared = one.getValue();
            } else {
                header(text, one.getKey(), one.getValue());
            }
        }
        boolean bodiless = reply.status() == 204 || reply.status() == 304;
        if (!bodiless) {
            String length = Integer.toString(reply.body().length);
            header(text, "Content-Length", head && declared != null ? declared : length);
        }
        text.append("\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream(text.length() + reply.body().length);
        all.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!bodiless && !head) {
            all.writeBytes(reply.body());
        }
        all.writeTo(out);
    }

    /** A line break in a value would end the headers; some error messages have several lines. */
    private static void header(StringBuilder text, String name, String value) {
        text.append(name)
                .append(": ")
                .append(LINE_BREAK.matcher(value).replaceAll(" "))
                .append("\r\n");
    }
}
