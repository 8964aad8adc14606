package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class AccountCheckTest {
    private static final String OURS = "123456789012";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AccountCheck check = new AccountCheck(now::get);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<String> account = new AtomicReference<>(OURS);
    private final Clients clients = new StsOnly();

    @Test
    void asksOnceAnHour() {
        check.verify(clients, OURS);
        check.verify(clients, OURS);
        now.set(Instant.EPOCH.plus(Duration.ofHours(1)));
        check.verify(clients, OURS);

        assertThat(asked).hasValue(2);
    }

    @Test
    void refusesAnotherAccount() {
        account.set("999999999999");

        assertThatThrownBy(() -> check.verify(clients, OURS)).isInstanceOfSatisfying(WrongAccountException.class, e -> {
            assertThat(e.expected()).isEqualTo(OURS);
            assertThat(e.found()).isEqualTo("999999999999");
        });
    }

    @Test
    void aMismatchIsAskedAgain() {
        account.set("999999999999");
        assertThatThrownBy(() -> check.verify(clients, OURS)).isInstanceOf(WrongAccountException.class);

        account.set(OURS);

        assertThatCode(() -> check.verify(clients, OURS)).doesNotThrowAnyException();
    }

    @Test
    void anAnswerWithoutAnAccountIsAskedForAgain() {
        account.set(null);
        assertThatThrownBy(() -> check.verify(clients, OURS)).isInstanceOf(PartialAnswerException.class);

        account.set(OURS);

        assertThatCode(() -> check.verify(clients, OURS)).doesNotThrowAnyException();
    }

    private final class StsOnly implements Clients {
        @Override
        public String account() {
            return OURS;
        }

        @Override
        public String region() {
            return "eu-west-2";
        }

        @Override
        public Clients in(String region) {
            return this;
        }

        @Override
        public <C extends SdkClient> C client(Class<C> type) {
            return type.cast(new StsClient() {
                @Override
                public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
                    asked.incrementAndGet();
                    return GetCallerIdentityResponse.builder()
                            .account(account.get())
                            .build();
                }

                @Override
                public String serviceName() {
                    return SERVICE_NAME;
                }

                @Override
                public void close() {}
            });
        }
    }
}
