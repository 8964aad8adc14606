package dev.holdfast.app;

import dev.holdfast.desired.HeadSigner;
import dev.holdfast.desired.SignatureScheme;
import java.security.PublicKey;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MessageType;

/** Signs with an asymmetric key that never leaves KMS. Needs {@code kms:GetPublicKey} and {@code kms:Sign}. */
final class KmsSigner implements HeadSigner {
    /** The ARN of a key or of an alias contains the region of the key. */
    private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:kms:([a-z0-9-]+):\\d{12}:(?:key|alias)/.+");

    private final KmsClient kms;
    private final String key;
    private final PublicKey publicKey;
    private final SignatureScheme scheme;

    private KmsSigner(KmsClient kms, String key, PublicKey publicKey, SignatureScheme scheme) {
        this.kms = kms;
        this.key = key;
        this.publicKey = publicKey;
        this.scheme = scheme;
    }

    /**
     * @param clients the clients by region; null stands for the region of the environment
     * @param key the id, the ARN or the alias
     * @throws CommandFailure if Holdfast cannot sign heads with a key of this type
     */
    static KmsSigner open(Function<@Nullable String, KmsClient> clients, String key) {
        Matcher arn = ARN.matcher(key);
        KmsClient kms = clients.apply(arn.matches() ? arn.group(1) : null);
        GetPublicKeyResponse found = kms.getPublicKey(r -> r.keyId(key));
        PublicKey publicKey = SignatureScheme.publicKey(found.publicKey().asByteArray());
        SignatureScheme scheme = publicKey == null ? null : SignatureScheme.of(publicKey);
        if (publicKey == null || scheme == null || found.keyUsage() != KeyUsageType.SIGN_VERIFY) {
            throw new CommandFailure("--sign: the KMS key " + key + " has the key spec " + found.keySpecAsString()
                    + " and the usage " + found.keyUsageAsString() + "; expected a key for SIGN_VERIFY with "
                    + SignatureScheme.ACCEPTED);
        }
        return new KmsSigner(kms, key, publicKey, scheme);
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(byte[] content) {
        return kms.sign(r -> r.keyId(key)
                        .message(SdkBytes.fromByteArray(content))
                        .messageType(MessageType.RAW)
                        .signingAlgorithm(scheme.kmsName()))
                .signature()
                .asByteArray();
    }
}
