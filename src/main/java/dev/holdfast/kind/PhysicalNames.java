package dev.holdfast.kind;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.ResourceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Generated names in AWS: {@code <stack>-<name>-<hash8>}, the same for the same resource whoever asks and when. */
public final class PhysicalNames {
    private static final int HASH = 8;

    private PhysicalNames() {}

    /**
     * The name of a resource whose spec fixes none. It changes with the immutable fields, so that a replacement can be
     * created beside what it replaces; not so for versioned kinds, whose versions share one name.
     *
     * @param region where the resource lives
     * @param max the longest name that the service takes, at least 10; cut before the hash
     * @param lower whether the service takes lower case only
     * @param immutable the resolved values of the immutable fields, by component; the name itself is not among them
     */
    public static String generate(
            String installation,
            String stack,
            String region,
            ResourceId id,
            KindInfo<?> kind,
            int max,
            boolean lower,
            Map<String, JsonNode> immutable) {
        StringBuilder content = new StringBuilder();
        for (String part : new String[] {installation, stack, region, id.kind(), id.name()}) {
            append(content, part);
        }
        if (!kind.versioned()) {
            new TreeMap<>(immutable).forEach((field, value) -> {
                append(content, field);
                append(content, Specs.canonicalText(value));
            });
        }
        String words = (stack + "-" + id.name()).replaceAll("-{2,}", "-");
        if (lower) {
            words = words.toLowerCase(Locale.ROOT);
        }
        String cut =
                words.substring(0, Math.min(words.length(), max - HASH - 1)).replaceAll("-+$", "");
        return cut + "-" + hash(content.toString());
    }

    /** With its length, so that no two lists of parts read the same. */
    private static void append(StringBuilder content, String part) {
        content.append(part.length()).append(':').append(part);
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
