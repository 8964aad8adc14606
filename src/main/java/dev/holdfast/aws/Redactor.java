package dev.holdfast.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Masks the secret values that it knows in any text, also where they are quoted for JSON, XML or a URL. Safe for use by
 * many threads.
 */
public final class Redactor {
    public static final String MASK = "***";

    /** Masking every "1" in a message would hide more than the secret. */
    private static final int SHORTEST = 4;

    /** Longest first, so that a secret that is part of another leaves nothing of the other. */
    private final ConcurrentSkipListSet<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** From now on this is masked; values shorter than 4 characters cannot be. */
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

    /** How many it knows, never which. */
    @Override
    public String toString() {
        return "Redactor[" + secrets.size() + "]";
    }
}
