package dev.holdfast.twin.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

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
    }
}
