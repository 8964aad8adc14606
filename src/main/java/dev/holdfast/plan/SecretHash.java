package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keyed hash of a secret value as the state keeps it: {@code hmac:KEY:HASH}.
 *
 * @param key the name of the key; empty: an older version wrote the hash, without the name
 */
public record SecretHash(String key, String hash) {
    private static final String PREFIX = "hmac:";

    /** @return null if the text is no hash of a secret value */
    static @Nullable SecretHash parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        int end = text.indexOf(':', PREFIX.length());
        return end < 0
                ? new SecretHash("", text.substring(PREFIX.length()))
                : new SecretHash(text.substring(PREFIX.length(), end), text.substring(end + 1));
    }

    /** Whether both are hashes of the same value. */
    static boolean same(String one, String other) {
        SecretHash first = parse(one);
        SecretHash second = parse(other);
        return first == null || second == null
                ? one.equals(other)
                : first.hash.equals(second.hash) && !areOfDifferentKeys(one, other);
    }

    /** Whether the hashes cannot be compared, because their keys differ. */
    static boolean areOfDifferentKeys(String one, String other) {
        SecretHash first = parse(one);
        SecretHash second = parse(other);
        return first != null
                && second != null
                && !first.key.isEmpty()
                && !second.key.isEmpty()
                && !first.key.equals(second.key);
    }

    /**
     * The fields whose applied value is unknown, because the key of its hash is lost.
     *
     * @param recorded the applied spec that the state records
     * @param now the applied spec with hashes under the present key
     * @return JSON pointers
     */
    public static List<String> unknown(@Nullable JsonNode recorded, JsonNode now) {
        List<String> unknown = new ArrayList<>();
        if (recorded != null) {
            unknown("", recorded, now, unknown);
        }
        return unknown;
    }

    private static void unknown(String path, JsonNode recorded, JsonNode now, List<String> unknown) {
        if (recorded.isTextual() && now.isTextual()) {
            if (areOfDifferentKeys(recorded.textValue(), now.textValue())) {
                unknown.add(path);
            }
        } else if (recorded.isArray() && now.isArray()) {
            for (int i = 0; i < Math.min(recorded.size(), now.size()); i++) {
                unknown(path + "/" + i, recorded.get(i), now.get(i), unknown);
            }
        } else if (recorded.isObject() && now.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> it = recorded.fields(); it.hasNext(); ) {
                Map.Entry<String, JsonNode> field = it.next();
                JsonNode other = now.get(field.getKey());
                if (other != null) {
                    unknown(path + "/" + field.getKey(), field.getValue(), other, unknown);
                }
            }
        }
    }
}
