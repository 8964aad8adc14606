package dev.holdfast.app;

import dev.holdfast.desired.HeadSigner;
import dev.holdfast.desired.SignatureScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Signs with an Ed25519 key that lies in a file. */
final class FileSigner implements HeadSigner {
    private final PrivateKey key;
    private final PublicKey publicKey;

    private FileSigner(PrivateKey key, PublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** @throws CommandFailure if the file holds no such key; its content is in no message */
    static FileSigner read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII)
                    .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")
                    .replaceAll("\\s", "");
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
            return new FileSigner(key, publicKey((EdECPrivateKey) key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CommandFailure("--sign: " + file + " is not an Ed25519 key in PKCS#8 and PEM; create one with"
                    + " 'openssl genpkey -algorithm ed25519'");
        }
    }

    /** A key pair is made of 32 random bytes, and these are the private key: https://www.rfc-editor.org/rfc/rfc8032 5.1.5. */
    private static PublicKey publicKey(EdECPrivateKey key) throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("Ed25519");
        pairs.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                byte[] seed = key.getBytes().orElseThrow();
                System.arraycopy(seed, 0, bytes, 0, seed.length);
            }
        });
        return pairs.generateKeyPair().getPublic();
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(byte[] content) {
        try {
            return SignatureScheme.ED25519.sign(key, content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs everything", e);
        }
    }
}
