package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.desired.HeadSigner;
import dev.holdfast.desired.SignatureScheme;
import dev.holdfast.desired.TestSigner;
import dev.holdfast.model.TrustedKey;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.kms.TwinKms;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/** The keys with which a publisher signs. */
class SignersTest {
    private static final byte[] CONTENT = "a head".getBytes(StandardCharsets.UTF_8);

    private final TwinAccount account =
            new TwinAccount("123456789012", new DrivenClock(Instant.EPOCH), new TwinSettings(), 1);
    private final TwinKms kms = account.service("eu-west-2", TwinKms.class);

    @TempDir
    Path folder;

    private Path pem(String text) throws IOException {
        return Files.writeString(folder.resolve("key.pem"), text);
    }

    @Test
    void aFileSignsWithThePublicKeyThatBelongsToIt() throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        FileSigner signer = FileSigner.read(pem(new TestSigner(pair).privatePem()));

        assertThat(signer.publicKey()).isEqualTo(pair.getPublic());
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(pair.getPublic());
        check.update(CONTENT);
        assertThat(check.verify(signer.sign(CONTENT))).isTrue();
    }

    @Test
    void anotherFileIsRefusedWithoutItsContent() throws IOException, GeneralSecurityException {
        String other = new TestSigner(KeyPairGenerator.getInstance("EC").generateKeyPair()).privatePem();
        for (String text : List.of(other, "s3cr3t", "")) {
            Path file = pem(text);
            assertThatThrownBy(() -> FileSigner.read(file))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("is not an Ed25519 key in PKCS#8 and PEM")
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_EDWARDS25519", "RSA_2048", "RSA_3072"})
    void aKeyOfKmsSignsWithThePublicKeyThatKmsSays(KeySpec spec) {
        String key = kms.createKey(r -> r.keySpec(spec).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyMetadata()
                .keyId();

        HeadSigner signer = KmsSigner.open(region -> kms, key);

        PublicKey publicKey = signer.publicKey();
        assertThat(Objects.requireNonNull(SignatureScheme.of(publicKey))
                        .verifies(publicKey, CONTENT, signer.sign(CONTENT)))
                .isTrue();
        assertThat(TrustedKey.fingerprint(publicKey)).startsWith("sha256:");
    }

    @Test
    void aKeyOfKmsForSomethingElseIsRefused() {
        String encrypts = kms.createKey(r -> r.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.ENCRYPT_DECRYPT))
                .keyMetadata()
                .keyId();
        assertThatThrownBy(() -> KmsSigner.open(region -> kms, encrypts))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("RSA_2048", "ENCRYPT_DECRYPT", "SIGN_VERIFY");
    }

    @Test
    void anArnSaysInWhichRegionTheKeyIs() {
        String key = kms.createKey(r -> r.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyMetadata()
                .arn();
        List<String> regions = new ArrayList<>();

        KmsSigner.open(
                region -> {
                    regions.add(String.valueOf(region));
                    return kms;
                },
                key);

        assertThat(regions).containsExactly("eu-west-2");
    }
}
