package dev.holdfast.twin.wire;

import java.util.Map;
import java.util.TreeMap;

/** An HTTP response before it is sent. The server omits the body of 204, of 304 and of an answer to HEAD. */
@SuppressWarnings("ArrayRecordComponent") // no code compares or changes the arrays
public record WireResponse(int status, Map<String, String> headers, byte[] body) {
    public static WireResponse of(int status, String type, byte[] body) {
        Map<String, String> headers = noHeaders();
        headers.put("Content-Type", type);
        return new WireResponse(status, headers, body);
    }

    static Map<String, String> noHeaders() {
        return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }
}
