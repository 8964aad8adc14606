package dev.holdfast.twin.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Converts CBOR to JSON and back, for tests that change an answer as text. A time is a text that begins with {@code @}.
 */
public final class CborText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TIME = "@";

    private CborText() {}

    /** @return the same bytes if the rewriting does not change the text */
    public static byte[] rewritten(byte[] cbor, UnaryOperator<String> rewriting) {
        try {
            String text = JSON.writeValueAsString(each(CborReader.object(cbor), CborText::toText));
            String changed = rewriting.apply(text);
            return changed.equals(text)
                    ? cbor
                    : CborWriter.bytes(each(JSON.readValue(changed, Map.class), CborText::fromText));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        } catch (WireException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static @Nullable Object each(@Nullable Object value, UnaryOperator<Object> leaf) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<Object, Object> all = new LinkedHashMap<>();
                map.forEach((name, inner) -> all.put(name, each(inner, leaf)));
                yield all;
            }
            case List<?> list -> list.stream().map(item -> each(item, leaf)).toList();
            default -> leaf.apply(value);
        };
    }

    private static Object toText(Object leaf) {
        return leaf instanceof Instant at ? TIME + at : leaf;
    }

    private static Object fromText(Object leaf) {
        return leaf instanceof String text && text.startsWith(TIME)
                ? Instant.parse(text.substring(TIME.length()))
                : leaf;
    }
}
