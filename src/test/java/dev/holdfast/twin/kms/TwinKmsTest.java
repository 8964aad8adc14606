package dev.holdfast.twin.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidSignatureException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

class TwinKmsTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinKms kms =
            new TwinAccount("123456789012", clock, new TwinSettings(), 1).service("eu-west-2", TwinKms.class);

    private String key() {
        return kms.createKey(r -> r.description("d")).keyMetadata().keyId();
    }

    @Test
    void aKeyThatIsToBeDeletedComesBackDisabledAndIsGoneInTheEnd() {
        String key = key();
        kms.createAlias(r -> r.aliasName("alias/a").targetKeyId(key));
        kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
        assertThatThrownBy(() -> kms.enableKey(r -> r.keyId(key))).isInstanceOf(KmsInvalidStateException.class);

        kms.cancelKeyDeletion(r -> r.keyId(key));

        assertThat(kms.describeKey(r -> r.keyId("alias/a")).keyMetadata().keyState())
                .isEqualTo(KeyState.DISABLED);
        kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
        clock.advance(Duration.ofDays(7));
        assertThatThrownBy(() -> kms.describeKey(r -> r.keyId(key))).isInstanceOf(NotFoundException.class);
        assertThat(kms.listAliases(r -> {}).aliases()).isEmpty();
    }

    @Test
    void refusesAPolicyByWhichTheCallerCouldNotChangeItAgain() {
        String locked = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                + "\"arn:aws:iam::123456789012:root\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}]}";

        assertThatThrownBy(() -> kms.createKey(r -> r.policy(locked)))
                .isInstanceOf(MalformedPolicyDocumentException.class)
                .hasMessageContaining("will not allow you to update the key policy in the future");
        assertThat(kms.createKey(r -> r.policy(locked).bypassPolicyLockoutSafetyCheck(true))
                        .keyMetadata()
                        .enabled())
                .isTrue();
        for (String action : List.of("\"Action\":\"kms:Put?eyPolicy\"", "\"NotAction\":\"kms:Decrypt\"")) {
            String open = locked.replace("\"Action\":\"kms:Decrypt\"", action);
            assertThat(kms.createKey(r -> r.policy(open)).keyMetadata().enabled())
                    .as(action)
                    .isTrue();
        }
    }

    private String signing(KeySpec spec) {
        return kms.createKey(r -> r.keySpec(spec).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyMetadata()
                .keyId();
    }

    /** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
    @ParameterizedTest
    @CsvSource({
        "ECC_NIST_P256, ECDSA_SHA_256, EC, SHA256withECDSA",
        "ECC_NIST_P384, ECDSA_SHA_384, EC, SHA384withECDSA",
        "ECC_NIST_EDWARDS25519, ED25519_SHA_512, Ed25519, Ed25519",
        "RSA_2048, RSASSA_PKCS1_V1_5_SHA_256, RSA, SHA256withRSA"
    })
    void whatAKeySignsIsVerifiedWithItsPublicKeyOutsideOfKms(
            KeySpec spec, SigningAlgorithmSpec algorithm, String family, String name) throws GeneralSecurityException {
        String key = signing(spec);
        kms.createAlias(r -> r.aliasName("alias/signing").targetKeyId(key));
        SdkBytes message = SdkBytes.fromUtf8String("a message");

        SdkBytes made = kms.sign(r -> r.keyId("alias/signing").message(message).signingAlgorithm(algorithm))
                .signature();

        GetPublicKeyResponse found = kms.getPublicKey(r -> r.keyId(key));
        assertThat(found.signingAlgorithms()).contains(algorithm);
        Signature signature = Signature.getInstance(name);
        signature.initVerify(KeyFactory.getInstance(family)
                .generatePublic(new X509EncodedKeySpec(found.publicKey().asByteArray())));
        signature.update(message.asByteArray());
        assertThat(signature.verify(made.asByteArray())).isTrue();
        assertThat(kms.verify(r -> r.keyId(key).message(message).signature(made).signingAlgorithm(algorithm))
                        .signatureValid())
                .isTrue();
        assertThatThrownBy(() -> kms.verify(r -> r.keyId(key)
                        .message(SdkBytes.fromUtf8String("another"))
                        .signature(made)
                        .signingAlgorithm(algorithm)))
                .isInstanceOf(KmsInvalidSignatureException.class);
    }

    @Test
    void refusesToSignWithWhatIsNoEnabledKeyForIt() {
        SdkBytes message = SdkBytes.fromUtf8String("a message");
        String symmetric = key();
        String curve = signing(KeySpec.ECC_NIST_P256);

        assertThatThrownBy(() -> kms.getPublicKey(r -> r.keyId(symmetric)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> kms.sign(
                        r -> r.keyId(symmetric).message(message).signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)))
                .isInstanceOf(InvalidKeyUsageException.class);
        assertThatThrownBy(() -> kms.sign(
                        r -> r.keyId(curve).message(message).signingAlgorithm(SigningAlgorithmSpec.RSASSA_PSS_SHA_256)))
                .isInstanceOf(InvalidKeyUsageException.class);
        assertThatThrownBy(() -> kms.sign(r -> r.keyId(curve)
                        .message(SdkBytes.fromByteArray(new byte[4097]))
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)))
                .hasMessageContaining("4096");
        assertThatThrownBy(() -> kms.sign(r -> r.keyId(curve)
                        .message(message)
                        .dryRun(true)
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)))
                .isInstanceOf(DryRunOperationException.class);
        kms.disableKey(r -> r.keyId(curve));
        assertThatThrownBy(() -> kms.sign(
                        r -> r.keyId(curve).message(message).signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)))
                .isInstanceOf(DisabledException.class);
    }
}
