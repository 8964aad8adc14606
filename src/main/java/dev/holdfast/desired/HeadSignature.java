package dev.holdfast.desired;

import dev.holdfast.model.TrustedKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A signature of a head. It covers all members of the head, the stack and the location of the publication, so that it
 * is invalid for another stack, location or commit.
 *
 * @param key the fingerprint of the key with which the signature is claimed to be made
 * @param value the signature in Base64
 */
public record HeadSignature(String key, String value) {
    static HeadSignature by(HeadSigner signer, String location, String stack, Head head) {
        HeadSignature made = new HeadSignature(
                TrustedKey.fingerprint(signer.publicKey()),
                Base64.getEncoder().encodeToString(signer.sign(content(location, stack, head))));
        if (!made.verifies(new TrustedKey("", signer.publicKey()), location, stack, head)) {
            throw new IllegalStateException("the signature does not verify with the public key of its signer");
        }
        return made;
    }

    /** Whether this key has signed this head of this stack at this place. */
    boolean verifies(TrustedKey trusted, String location, String stack, Head head) {
        SignatureScheme scheme = SignatureScheme.of(trusted.key());
        if (scheme == null) {
            return false;
        }
        try {
            return scheme.verifies(
                    trusted.key(),
                    content(location, stack, head),
                    Base64.getDecoder().decode(value));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The content that is signed: a digest of the head, because KMS signs at most 4096 bytes. */
    static byte[] content(String location, String stack, Head head) {
        StringBuilder all = new StringBuilder();
        member(all, "location", location);
        member(all, "stack", stack);
        member(all, "revision", head.revision());
        member(all, "previous", head.previous());
        member(all, "number", Long.toString(head.number()));
        member(all, "author", head.author());
        member(all, "message", head.message());
        member(all, "commit", head.commit());
        member(all, "time", head.time().toString());
        return ("holdfast.dev/v1 head sha256:"
                        + RevisionCodec.sha256(all.toString().getBytes(StandardCharsets.UTF_8)))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the length too, so that no value can imitate the end of a member and the next member. */
    private static void member(StringBuilder all, String name, @Nullable String value) {
        all.append(name)
                .append(':')
                .append(value == null ? "-" : Integer.toString(value.length()))
                .append(':')
                .append(value == null ? "" : value)
                .append('\n');
    }
}
