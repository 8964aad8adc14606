package dev.holdfast.twin.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes CBOR from maps, lists and plain values.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>
 */
final class CborWriter {
    private final DataOutputStream out;

    private CborWriter(DataOutputStream out) {
        this.out = out;
    }

    static byte[] bytes(@Nullable Object tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new CborWriter(new DataOutputStream(bytes)).write(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(@Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.write(0xf6);
            case Boolean flag -> out.write(flag ? 0xf5 : 0xf4);
            case byte[] bytes -> {
                head(2, bytes.length);
                out.write(bytes);
            }
            case Instant instant -> {
                head(6, 1);
                real(instant.toEpochMilli() / 1000.0);
            }
            case Float number -> {
                out.write(0xfa);
                out.writeFloat(number);
            }
            case Double number -> real(number);
            case BigDecimal number -> real(number.doubleValue());
            case Number number -> {
                long whole = number.longValue();
                head(whole < 0 ? 1 : 0, whole < 0 ? -1 - whole : whole);
            }
            case List<?> list -> {
                head(4, list.size());
                for (Object item : list) {
                    write(item);
                }
            }
            case Map<?, ?> map -> {
                head(5, map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text(String.valueOf(entry.getKey()));
                    write(entry.getValue());
                }
            }
            default -> text(value.toString());
        }
    }

    private void text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(3, bytes.length);
        out.write(bytes);
    }

    private void real(double number) throws IOException {
        out.write(0xfb);
        out.writeDouble(number);
    }

    private void head(int major, long argument) throws IOException {
        int type = major << 5;
        if (argument < 24) {
            out.write(type | (int) argument);
        } else if (argument < 1 << 8) {
            out.write(type | 24);
            out.write((int) argument);
        } else if (argument < 1 << 16) {
            out.write(type | 25);
            out.writeShort((int) argument);
        } else if (argument < 1L << 32) {
            out.write(type | 26);
            out.writeInt((int) argument);
        } else {
            out.write(type | 27);
            out.writeLong(argument);
        }
    }
}
