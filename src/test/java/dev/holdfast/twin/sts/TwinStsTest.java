package dev.holdfast.twin.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

class TwinStsTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2126-01-02T03:04:05Z"));
    private final StsClient sts =
            new TwinAccount("111122223333", clock, new TwinSettings(), 1).service("eu-west-2", StsClient.class);

    @Test
    void saysWhoCalls() {
        assertThat(sts.getCallerIdentity().account()).isEqualTo("111122223333");
        assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::111122223333:user/twin");
        assertThat(sts.getCallerIdentity().userId()).startsWith("AIDA").hasSize(21);
    }

    @Test
    void handsOutCredentialsOfARole() {
        // When
        AssumeRoleResponse assumed = sts.assumeRole(r -> r.roleArn("arn:aws:iam::444455556666:role/a/b")
                .roleSessionName("s@1")
                .durationSeconds(900));

        // Then
        assertThat(assumed.credentials().accessKeyId()).matches("ASIA[0-9A-F]{16}");
        assertThat(assumed.credentials().expiration()).isEqualTo(clock.instant().plus(Duration.ofMinutes(15)));
        assertThat(assumed.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::444455556666:assumed-role/b/s@1");
        assertThat(assumed.assumedRoleUser().assumedRoleId()).matches("AROA\\d{17}:s@1");
    }

    @Test
    void refusesWhatIsNoRoleNoNameOrNoDuration() {
        assertRefused(r -> r.roleArn("arn:aws:iam::444455556666:user/b").roleSessionName("me"));
        assertRefused(r -> r.roleArn("arn:aws:iam::444455556666:role/b").roleSessionName("a b"));
        assertRefused(r -> r.roleArn("arn:aws:iam::444455556666:role/b")
                .roleSessionName("me")
                .durationSeconds(60));
    }

    private void assertRefused(Consumer<AssumeRoleRequest.Builder> request) {
        assertThatThrownBy(() -> sts.assumeRole(request)).isInstanceOfSatisfying(StsException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(400);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationError");
        });
    }
}
