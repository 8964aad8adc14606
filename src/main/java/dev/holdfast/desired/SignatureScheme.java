package dev.holdfast.desired;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scheme of a signature. The key alone determines it, so that nobody can choose a weaker scheme for a key.
 *
 * <p>The names of KMS: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
public enum SignatureScheme {
    ED25519("Ed25519", "ED25519_SHA_512"),
    ECDSA_P256("SHA256withECDSA", "ECDSA_SHA_256"),
    ECDSA_P384("SHA384withECDSA", "ECDSA_SHA_384"),
    RSA_PSS("RSASSA-PSS", "RSASSA_PSS_SHA_256");

    private static final List<String> FAMILIES = List.of("Ed25519", "EC", "RSA");
    private static final int RSA_LEAST = 2048;
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final String algorithm;
    private final String kmsName;

    SignatureScheme(String algorithm, String kmsName) {
        this.algorithm = algorithm;
        this.kmsName = kmsName;
    }

    /** The keys that {@link #of} accepts, for messages. */
    public static final String ACCEPTED = "Ed25519, ECDSA on NIST P-256 or P-384, or RSA with at least 2048 bits";

    /** @return null if heads are not signed with such keys */
    public static @Nullable SignatureScheme of(PublicKey key) {
        return switch (key) {
            case EdECPublicKey edwards when edwards.getParams().getName().equalsIgnoreCase("Ed25519") -> ED25519;
            case ECPublicKey curve when curve.getParams().toString().contains("secp256r1") -> ECDSA_P256;
            case ECPublicKey curve when curve.getParams().toString().contains("secp384r1") -> ECDSA_P384;
            case RSAPublicKey rsa when rsa.getModulus().bitLength() >= RSA_LEAST -> RSA_PSS;
            default -> null;
        };
    }

    /**
     * Reads a public key in the form of X.509 (SubjectPublicKeyInfo).
     *
     * @return null if heads are not signed with such a key
     */
    public static @Nullable PublicKey publicKey(byte[] encoded) {
        for (String family : FAMILIES) {
            try {
                PublicKey key = KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(encoded));
                return of(key) == null ? null : key;
            } catch (InvalidKeySpecException e) {
                // The key may be of another family.
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + family, e);
            }
        }
        return null;
    }

    /** Reads a public key in PEM, or its Base64 alone, as {@code aws kms get-public-key} prints it. */
    static @Nullable PublicKey publicKey(String text) {
        try {
            return publicKey(Base64.getDecoder()
                    .decode(text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
                            .replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** KMS's name of the algorithm. */
    public String kmsName() {
        return kmsName;
    }

    private Signature signature() {
        try {
            Signature signature = Signature.getInstance(algorithm);
            if (this == RSA_PSS) {
                signature.setParameter(PSS);
            }
            return signature;
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    /** Whether the key has made this signature of the content. */
    public boolean verifies(PublicKey key, byte[] content, byte[] made) {
        Signature signature = signature();
        try {
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(made);
        } catch (SignatureException | InvalidKeyException e) {
            return false;
        }
    }

    /** @throws GeneralSecurityException if the key is not of this scheme */
    public byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
        Signature signature = signature();
        signature.initSign(key);
        signature.update(content);
        return signature.sign();
    }
}
