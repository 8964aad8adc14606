package dev.holdfast.twin.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The twin stores secrets as Secrets Manager does. */
class TwinSecretsTest {
    private static final String TOKEN = "00000000-0000-4000-8000-000000000000";

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final TwinSecrets secrets =
            new TwinAccount("123456789012", clock, settings, 1).service("eu-west-2", TwinSecrets.class);

    @Test
    void takesACreateTwiceOnlyWithTheSameTokenAndValue() {
        String arn = secrets.createSecret(
                        r -> r.name("s").clientRequestToken(TOKEN).secretString("v"))
                .arn();

        assertThat(secrets.createSecret(
                                r -> r.name("s").clientRequestToken(TOKEN).secretString("v"))
                        .arn())
                .isEqualTo(arn);
        assertThatThrownBy(() -> secrets.createSecret(
                        r -> r.name("s").clientRequestToken(TOKEN).secretString("other")))
                .isInstanceOf(ResourceExistsException.class);
        assertThatThrownBy(() -> secrets.createSecret(r -> r.name("t").clientRequestToken("short")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void holdsTheNameUntilTheRecoveryWindowIsOver() {
        secrets.createSecret(r -> r.name("s").secretString("v"));

        secrets.deleteSecret(r -> r.secretId("s").recoveryWindowInDays(7L));

        assertThat(secrets.exists("s")).isFalse();
        assertThatThrownBy(() -> secrets.createSecret(r -> r.name("s")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("already scheduled for deletion");
        assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId("s")))
                .isInstanceOf(InvalidRequestException.class);
        clock.advance(Duration.ofDays(7));
        assertThatThrownBy(() -> secrets.describeSecret(r -> r.secretId("s")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void listsLate() {
        secrets.createSecret(r -> r.name("s"));

        assertThat(secrets.listSecrets().secretList()).isEmpty();
        assertThat(secrets.describeSecret(r -> r.secretId("s")).name()).isEqualTo("s");
        clock.advance(settings.delay(Delay.SECRET_LIST));
        assertThat(secrets.listSecrets().secretList()).hasSize(1);
        secrets.deleteSecret(r -> r.secretId("s").forceDeleteWithoutRecovery(true));
        assertThat(secrets.listSecrets().secretList()).hasSize(1);
    }

    @Test
    void keepsThePreviousValue() {
        secrets.createSecret(r -> r.name("s").secretString("1"));

        secrets.putSecretValue(r -> r.secretId("s").secretString("2"));

        assertThat(secrets.getSecretValue(r -> r.secretId("s")).secretString()).isEqualTo("2");
        assertThat(secrets.getSecretValue(r -> r.secretId("s").versionStage("AWSPREVIOUS"))
                        .secretString())
                .isEqualTo("1");
    }

    @Test
    void isFoundByNameAndByWholeOrPartialArn() {
        String arn = secrets.createSecret(r -> r.name("a/b")).arn();

        assertThat(secrets.exists("a/b")).isTrue();
        assertThat(secrets.exists(arn)).isTrue();
        assertThat(secrets.exists(arn.substring(0, arn.length() - 7))).isTrue();
        assertThat(secrets.exists(arn.substring(0, arn.length() - 6) + "zzzzzz"))
                .isFalse();
    }

    @Test
    void movesAStageOnlyFromTheVersionThatIsSaidToHaveIt() {
        String next = "00000000-0000-4000-8000-000000000001";
        secrets.createSecret(r -> r.name("s").clientRequestToken(TOKEN).secretString("1"));
        secrets.putSecretValue(r -> r.secretId("s")
                .clientRequestToken(next)
                .versionStages("AWSPENDING")
                .secretString("2"));

        assertThatThrownBy(() -> secrets.updateSecretVersionStage(
                        r -> r.secretId("s").versionStage("AWSCURRENT").moveToVersionId(next)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("currently attached to version " + TOKEN);
        assertThatThrownBy(() -> secrets.updateSecretVersionStage(
                        r -> r.secretId("s").versionStage("AWSCURRENT").removeFromVersionId(TOKEN)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("completely removed");
        secrets.updateSecretVersionStage(r ->
                r.secretId("s").versionStage("AWSCURRENT").moveToVersionId(next).removeFromVersionId(TOKEN));

        assertThat(secrets.describeSecret(r -> r.secretId("s")).versionIdsToStages())
                .hasEntrySatisfying(TOKEN, stages -> assertThat(stages).containsExactly("AWSPREVIOUS"))
                .hasEntrySatisfying(
                        next, stages -> assertThat(stages).containsExactlyInAnyOrder("AWSCURRENT", "AWSPENDING"));
    }
}
