package dev.holdfast.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Masks known secret values in any text, including the forms that they take in JSON, XML and URLs. Safe for use by many
 * threads.
 */
public final class Redactor {
    public static final String MASK = "***";

    /** A mask for a shorter value (such as "1") would hide more than the secret. */
    private static final int SHORTEST = 4;

    /** The longest first: if one secret is part of another, no rest of the longer one stays readable. */
    private final ConcurrentSkipListSet<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** Adds a secret to mask. A value shorter than 4 characters is not masked. */
    public void learn(String secret) {
        if (secret.length() < SHORTEST) {
            return;
        }
        secrets.add(secret);
        secrets.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        secrets.add(secret.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;"));
        secrets.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        secrets.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }

    public String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** Contains the number of secrets, and no secret. */
    @Override
    public String toString() {
        return "Redactor[" + secrets.size() + "]";
    }
}
