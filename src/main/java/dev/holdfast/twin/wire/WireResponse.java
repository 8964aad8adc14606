package dev.holdfast.twin.wire;

import java.util.Map;
import java.util.TreeMap;

/** An HTTP response before it is sent. What may not carry a body (204, 304, to HEAD) is sent without. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, changed by nobody
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
