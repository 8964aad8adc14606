package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a secret value is the one that was applied, without storing the value: by its HMAC-SHA-256 under a
 * random key of this installation. If the key is lost, the applied values are unknown, and no value is written again
 * because of that.
 */
public final class SecretHasher implements UnaryOperator<String> {
    private static final String KEY = "hash.key";
    /** The length of the key in bytes. */
    private static final int LENGTH = 32;

    private final SecretKeySpec key;
    /** Names the key in each hash, so that a hash under a lost key is recognised. */
    private final String name;

    private SecretHasher(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.name = mac("the name of this key").substring(0, 8);
    }

    /** Reads the installation's key, or creates it. */
    public static SecretHasher load(ObjectStore store) {
        ObjectStore.Stored stored = store.get(KEY);
        if (stored == null) {
            byte[] fresh = new byte[LENGTH];
            new SecureRandom().nextBytes(fresh);
            try {
                store.putIf(KEY, fresh, null);
                return new SecretHasher(fresh);
            } catch (ObjectStore.PreconditionFailedException e) {
                return load(store);
            }
        }
        if (stored.content().length != LENGTH) {
            throw new UncheckedIOException(new IOException(store.location(KEY) + " has " + stored.content().length
                    + " bytes instead of " + LENGTH
                    + "; move the object away to start with a new key: the applied secret values are"
                    + " unknown then, and no value is written again because of that"));
        }
        return new SecretHasher(stored.content());
    }

    @Override
    public String apply(String secret) {
        return "hmac:" + name + ":" + mac(secret);
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
