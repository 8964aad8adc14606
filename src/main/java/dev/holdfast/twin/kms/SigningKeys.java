package dev.holdfast.twin.kms;

import static dev.holdfast.twin.store.TwinErrors.named;
import static dev.holdfast.twin.store.TwinErrors.refused;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/**
 * The key material of asymmetric keys, which is generated at its first use.
 *
 * <p>https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
final class SigningKeys {
    private static final int LONGEST = 4096;

    private static final List<SigningAlgorithmSpec> RSA = List.of(
            SigningAlgorithmSpec.RSASSA_PSS_SHA_256,
            SigningAlgorithmSpec.RSASSA_PSS_SHA_384,
            SigningAlgorithmSpec.RSASSA_PSS_SHA_512,
            SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_256,
            SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_384,
            SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_512);

    private final Map<String, KeyPair> pairs = new ConcurrentHashMap<>();

    /** The algorithms with which keys of this spec can sign. */
    static List<SigningAlgorithmSpec> algorithms(KeySpec spec) {
        return switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 -> RSA;
            case ECC_NIST_P256 -> List.of(SigningAlgorithmSpec.ECDSA_SHA_256);
            case ECC_NIST_P384 -> List.of(SigningAlgorithmSpec.ECDSA_SHA_384);
            case ECC_NIST_P521 -> List.of(SigningAlgorithmSpec.ECDSA_SHA_512);
            case ECC_NIST_EDWARDS25519 ->
                List.of(SigningAlgorithmSpec.ED25519_SHA_512, SigningAlgorithmSpec.ED25519_PH_SHA_512);
            default -> List.of();
        };
    }

    private static KeyPair make(KeyMetadata key) {
        return switch (key.keySpec()) {
            case RSA_2048, RSA_3072, RSA_4096 ->
                make(
                        "RSA",
                        new RSAKeyGenParameterSpec(
                                Integer.parseInt(key.keySpecAsString().substring("RSA_".length())),
                                RSAKeyGenParameterSpec.F4));
            case ECC_NIST_P256 -> make("EC", new ECGenParameterSpec("secp256r1"));
            case ECC_NIST_P384 -> make("EC", new ECGenParameterSpec("secp384r1"));
            case ECC_NIST_P521 -> make("EC", new ECGenParameterSpec("secp521r1"));
            case ECC_NIST_EDWARDS25519 -> make("Ed25519", NamedParameterSpec.ED25519);
            case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512 ->
                throw unsupported(key.arn() + " key spec is " + key.keySpecAsString()
                        + " which is not valid for this operation.");
            default -> throw unsupported("The twin makes no keys of the spec " + key.keySpecAsString() + ".");
        };
    }

    private static KeyPair make(String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
            pairs.initialize(parameters);
            return pairs.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes " + algorithm + " keys", e);
        }
    }

    private static RuntimeException unsupported(String message) {
        return named(UnsupportedOperationException.builder(), message);
    }

    private KeyPair pair(KeyMetadata key) {
        return pairs.computeIfAbsent(key.keyId(), id -> make(key));
    }

    SdkBytes publicKey(KeyMetadata key) {
        return SdkBytes.fromByteArray(pair(key).getPublic().getEncoded());
    }

    SdkBytes sign(KeyMetadata key, SdkBytes message, @Nullable MessageType type, @Nullable SigningAlgorithmSpec with) {
        try {
            Signature signature = signature(key, message, type, with);
            signature.initSign(pair(key).getPrivate());
            signature.update(message.asByteArray());
            return SdkBytes.fromByteArray(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean verifies(
            KeyMetadata key,
            SdkBytes message,
            @Nullable MessageType type,
            @Nullable SigningAlgorithmSpec with,
            SdkBytes made) {
        try {
            Signature signature = signature(key, message, type, with);
            signature.initVerify(pair(key).getPublic());
            signature.update(message.asByteArray());
            return signature.verify(made.asByteArray());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signature signature(
            KeyMetadata key, SdkBytes message, @Nullable MessageType type, @Nullable SigningAlgorithmSpec with)
            throws GeneralSecurityException {
        if (key.keyUsage() != KeyUsageType.SIGN_VERIFY) {
            throw named(
                    InvalidKeyUsageException.builder(),
                    key.arn() + " key usage is " + key.keyUsageAsString() + " which is not valid for Sign.");
        }
        if (with == null || !algorithms(key.keySpec()).contains(with)) {
            throw named(
                    InvalidKeyUsageException.builder(),
                    "Algorithm " + with + " is incompatible with key spec " + key.keySpecAsString() + ".");
        }
        int length = message.asByteArrayUnsafe().length;
        if (length < 1 || length > LONGEST) {
            throw refused(
                    "ValidationException",
                    "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have"
                            + " length less than or equal to " + LONGEST);
        }
        if ((type != null && type != MessageType.RAW) || with == SigningAlgorithmSpec.ED25519_PH_SHA_512) {
            throw unsupported("The twin signs messages of the type RAW only.");
        }
        return signature(with);
    }

    private static Signature signature(SigningAlgorithmSpec with) throws GeneralSecurityException {
        String name = with.toString();
        String digest = "SHA" + name.substring(name.lastIndexOf('_') + 1);
        if (with == SigningAlgorithmSpec.ED25519_SHA_512) {
            return Signature.getInstance("Ed25519");
        }
        if (name.startsWith("ECDSA")) {
            return Signature.getInstance(digest + "withECDSA");
        }
        if (name.startsWith("RSASSA_PKCS1")) {
            return Signature.getInstance(digest + "withRSA");
        }
        String hash = digest.replace("SHA", "SHA-");
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(
                hash,
                "MGF1",
                new MGF1ParameterSpec(hash),
                Integer.parseInt(digest.substring("SHA".length())) / 8,
                PSSParameterSpec.TRAILER_FIELD_BC));
        return signature;
    }
}
