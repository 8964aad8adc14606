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

/** Generates names in AWS: {@code <stack>-<name>-<hash8>}, always the same name for the same resource. */
public final class PhysicalNames {
    private static final int HASH = 8;

    private PhysicalNames() {}

    /**
     * The rules of a service for names.
     *
     * @param max the greatest length in characters, at least 12; a generated name is shortened before the hash
     * @param lower whether names must be in lower case
     * @param letterFirst whether names must begin with a letter
     * @param notPrefix a prefix that names must not have; empty: no such prefix
     */
    public record Rule(int max, boolean lower, boolean letterFirst, String notPrefix) {
        public static Rule of(PhysicalName name) {
            return new Rule(name.max(), name.lower(), name.letterFirst(), name.notPrefix());
        }

        /** Whether the service accepts the beginning of the name. */
        public boolean takesStart(String name) {
            boolean letter = !name.isEmpty() && Character.isLetter(name.charAt(0));
            boolean forbidden =
                    !notPrefix.isEmpty() && name.toLowerCase(Locale.ROOT).startsWith(notPrefix);
            return (letter || !letterFirst) && !forbidden;
        }
    }

    /**
     * The name of a resource whose spec sets none. It depends on the immutable fields, so that a replacement can be
     * created while the old resource exists. The versions of a versioned kind share one name.
     *
     * @param region the region of the resource
     * @param rule the rules of the service
     * @param immutable the resolved values of the immutable fields, by component; the name itself is not among them
     */
    public static String generate(
            String installation,
            String stack,
            String region,
            ResourceId id,
            KindInfo<?> kind,
            Rule rule,
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
        return words(stack, id, rule) + "-" + hash(content.toString());
    }

    /**
     * The pattern of all names that {@link #generate} can return for this resource, with {@code ?} for each character
     * of the hash.
     */
    public static String pattern(String stack, ResourceId id, Rule rule) {
        return words(stack, id, rule) + "-" + "?".repeat(HASH);
    }

    private static String words(String stack, ResourceId id, Rule rule) {
        String words = (stack + "-" + id.name()).replaceAll("-{2,}", "-");
        if (rule.lower()) {
            words = words.toLowerCase(Locale.ROOT);
        }
        if (!rule.takesStart(words)) {
            words = "h-" + words;
        }
        return words.substring(0, Math.min(words.length(), rule.max() - HASH - 1))
                .replaceAll("-+$", "");
    }

    /** Appends the length too, so that no two different lists of parts give the same text. */
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
