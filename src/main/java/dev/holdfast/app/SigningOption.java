package dev.holdfast.app;

import dev.holdfast.desired.Head;
import dev.holdfast.desired.HeadSigner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The key with which a command signs what it publishes. */
final class SigningOption {
    private static final String KMS = "kms:";
    private static final String FILE = "file:";

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description = "Signs the commit: kms:ID, kms:ARN or kms:alias/NAME of an asymmetric KMS key for signing, or"
                    + " file:PATH of an Ed25519 key (PKCS#8, PEM).")
    private @Nullable String sign;

    /** @return null if nothing is to be signed */
    @Nullable
    HeadSigner signer(Operator operator) {
        String key = sign;
        if (key == null) {
            return null;
        }
        if (key.startsWith(KMS) && key.length() > KMS.length()) {
            return KmsSigner.open(operator::kms, key.substring(KMS.length()));
        }
        if (key.startsWith(FILE) && key.length() > FILE.length()) {
            return FileSigner.read(Path.of(key.substring(FILE.length())));
        }
        throw new CommandFailure(
                "--sign '" + key + "' names no key: use kms:ID, kms:ARN, kms:alias/NAME or file:PATH", ExitCodes.USAGE);
    }

    /** The words about the signature of a commit that a command has published. */
    static String signed(Head head) {
        return head.signature() == null
                ? ""
                : ", signed with the key " + head.signature().key();
    }
}
