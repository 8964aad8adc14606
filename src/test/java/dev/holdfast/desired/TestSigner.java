package dev.holdfast.desired;

import dev.holdfast.model.TrustedKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Objects;

/** A signer that holds its key. */
public record TestSigner(KeyPair pair) implements HeadSigner {
    /** @param kind Ed25519, a curve, or RSA and a number of bits */
    public static TestSigner of(String kind) {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance(
                    kind.startsWith("secp") ? "EC" : kind.startsWith("RSA") ? "RSA" : kind);
            if (kind.startsWith("secp")) {
                pairs.initialize(new ECGenParameterSpec(kind));
            } else if (kind.startsWith("RSA")) {
                pairs.initialize(Integer.parseInt(kind.substring("RSA".length())));
            }
            return new TestSigner(pairs.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public TrustedKey named(String name) {
        return new TrustedKey(name, publicKey());
    }

    public String pem() {
        return "-----BEGIN PUBLIC KEY-----\\n"
                + Base64.getEncoder().encodeToString(publicKey().getEncoded())
                + "\\n-----END PUBLIC KEY-----\\n";
    }

    /** The content of the file with which a publisher signs. */
    public String privatePem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Override
    public PublicKey publicKey() {
        return pair.getPublic();
    }

    @Override
    public byte[] sign(byte[] content) {
        try {
            return Objects.requireNonNull(SignatureScheme.of(publicKey())).sign(pair.getPrivate(), content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
