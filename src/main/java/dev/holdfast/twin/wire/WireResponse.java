package dev.holdfast.twin.wire;

import java.util.Map;
import java.util.TreeMap;

/** An HTTP response before it is sent. */
public record WireResponse(int status, Map<String, String> headers, byte[] body) {
    /** Neither of the two may carry a body, and a HEAD only says how long it would be. */
    public boolean bodiless() {
        return status == 204 || status == 304;
    }

    public static WireResponse of(int status, String type, byte[] body) {
        Map<String, String> headers = noHeaders();
        headers.put("Content-Type", type);
        return new WireResponse(status, headers, body);
    }

    static Map<String, String> noHeaders() {
        return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }
}
