package dev.holdfast.twin.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** JSON as text, from and to maps, lists and plain values. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Json() {}

    /** An empty body counts as an empty object, because REST calls without members send no body. */
    static Map<?, ?> object(byte[] body) throws WireException {
        if (value(body) instanceof Map<?, ?> map) {
            return map;
        }
        throw new WireException("not a JSON object");
    }

    static Object value(byte[] body) throws WireException {
        if (body.length == 0) {
            return Map.of();
        }
        try {
            return MAPPER.readValue(body, Object.class);
        } catch (IOException e) {
            throw new WireException("not JSON: " + e.getMessage(), e);
        }
    }

    static byte[] bytes(Object tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
