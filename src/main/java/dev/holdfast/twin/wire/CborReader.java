package dev.holdfast.twin.wire;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads CBOR into maps, lists and plain values. It accepts indefinite lengths, which some clients send. */
final class CborReader {
    private static final Object BREAK = new Object();
    private static final int OPEN = 31;

    private final ByteBuffer in;

    private CborReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    static Map<?, ?> object(byte[] body) throws WireException {
        if (body.length == 0) {
            return Map.of();
        }
        try {
            if (new CborReader(body).read() instanceof Map<?, ?> map) {
                return map;
            }
        } catch (BufferUnderflowException e) {
            throw new WireException("CBOR ends too early", e);
        }
        throw new WireException("not a CBOR map");
    }

    private @Nullable Object read() throws WireException {
        int first = in.get() & 0xff;
        int major = first >> 5;
        int low = first & 31;
        if (major == 7) {
            return simple(low);
        }
        long argument = argument(low);
        return switch (major) {
            case 0 -> argument;
            case 1 -> -1 - argument;
            case 2 -> bytes(low, argument);
            case 3 -> new String(bytes(low, argument), StandardCharsets.UTF_8);
            case 4 -> list(low, argument);
            case 5 -> map(low, argument);
            default -> tagged(argument);
        };
    }

    private @Nullable Object simple(int low) {
        return switch (low) {
            case 20 -> false;
            case 21 -> true;
            case 25 -> (double) Float.float16ToFloat(in.getShort());
            case 26 -> (double) in.getFloat();
            case 27 -> in.getDouble();
            case OPEN -> BREAK;
            default -> null;
        };
    }

    private long argument(int low) {
        return switch (low) {
            case 24 -> in.get() & 0xff;
            case 25 -> in.getShort() & 0xffff;
            case 26 -> in.getInt() & 0xffff_ffffL;
            case 27 -> in.getLong();
            default -> low;
        };
    }

    private byte[] bytes(int low, long length) throws WireException {
        if (low != OPEN) {
            if (length > in.remaining() || length < 0) {
                throw new WireException("CBOR is shorter than it says");
            }
            byte[] bytes = new byte[(int) length];
            in.get(bytes);
            return bytes;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object part = read(); part != BREAK; part = read()) {
            all.writeBytes(part instanceof byte[] b ? b : String.valueOf(part).getBytes(StandardCharsets.UTF_8));
        }
        return all.toByteArray();
    }

    private List<@Nullable Object> list(int low, long length) throws WireException {
        List<@Nullable Object> list = new ArrayList<>();
        if (low == OPEN) {
            for (Object item = read(); item != BREAK; item = read()) {
                list.add(item);
            }
        } else {
            for (long i = 0; i < length; i++) {
                list.add(read());
            }
        }
        return list;
    }

    private Map<String, @Nullable Object> map(int low, long length) throws WireException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (low == OPEN) {
            for (Object key = read(); key != BREAK; key = read()) {
                map.put(String.valueOf(key), read());
            }
        } else {
            for (long i = 0; i < length; i++) {
                map.put(String.valueOf(read()), read());
            }
        }
        return map;
    }

    /** Tag 1 means seconds since the epoch; AWS uses no other tag. */
    private @Nullable Object tagged(long tag) throws WireException {
        Object value = read();
        return tag == 1 && value instanceof Number seconds
                ? Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000))
                : value;
    }
}
