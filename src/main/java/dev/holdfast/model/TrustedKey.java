package dev.holdfast.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;

/**
 * A key whose signatures of revisions are accepted.
 *
 * @param name the name of the signer, for people
 */
public record TrustedKey(String name, PublicKey key) {
    /** {@code sha256:} and the digest of the key in the form of X.509 (SubjectPublicKeyInfo), in hexadecimal digits. */
    public static String fingerprint(PublicKey key) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public String fingerprint() {
        return fingerprint(key);
    }
}
