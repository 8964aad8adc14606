package dev.holdfast.desired;

import java.security.PublicKey;

/** Signs heads with a private key that is either in this process or elsewhere, such as in KMS. */
public interface HeadSigner {
    PublicKey publicKey();

    /** @return the signature that the {@link SignatureScheme} of the key makes of the content, at most 4 KB */
    byte[] sign(byte[] content);
}
