package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.AbortedException;

class RateLimitsTest {
    private static final String PLACE = "123456789012/eu-west-2";

    private final List<Duration> slept = new ArrayList<>();
    private final RateLimits limits = RateLimits.ofAws(() -> 0, slept::add);

    private void call(String service, String operation, int times) {
        for (int i = 0; i < times; i++) {
            limits.await(limits.bucket(PLACE, service, operation), () -> true);
        }
    }

    @Test
    void waitsOnlyWhenTheBurstIsUsedUp() {
        call("cloudwatch", "PutMetricAlarm", 5);

        assertThat(slept).hasSize(2);
        assertThat(slept.getLast()).isBetween(Duration.ofMillis(666), Duration.ofMillis(667));
    }

    @Test
    void readsWritesServicesAndPlacesAreApart() {
        TokenBucket bucket = limits.bucket(PLACE, "ec2", "CreateVpc");

        assertThat(limits.bucket(PLACE, "ec2", "DeleteVpc")).isSameAs(bucket);
        assertThat(limits.bucket(PLACE, "ec2", "DescribeVpcs")).isNotSameAs(bucket);
        assertThat(limits.bucket(PLACE, "ecs", "CreateVpc")).isNotSameAs(bucket);
        assertThat(limits.bucket("123456789012/us-east-1", "ec2", "CreateVpc")).isNotSameAs(bucket);
    }

    @Test
    void anOperationMayHaveALimitOfItsOwn() {
        assertThat(limits.bucket(PLACE, "ecs", "RegisterTaskDefinition").rate(0))
                .isEqualTo(1);
        assertThat(limits.bucket(PLACE, "ecs", "UpdateService").rate(0)).isEqualTo(5);
    }

    @Test
    void servicesThatItDoesNotKnowAreLimitedToo() {
        assertThat(limits.bucket(PLACE, "new-service", "ListThings").rate(0)).isEqualTo(10);
    }

    @Test
    void noneMeansNone() {
        assertThat(RateLimits.none().bucket(PLACE, "ec2", "CreateVpc")).isNull();
    }

    @Test
    void anInterruptEndsTheWait() {
        RateLimits interrupted = RateLimits.ofAws(() -> 0, time -> {
            throw new InterruptedException();
        });
        TokenBucket empty = new TokenBucket(1, 0, 0);

        assertThatThrownBy(() -> interrupted.await(empty, () -> true)).isInstanceOf(AbortedException.class);

        assertThat(Thread.interrupted()).isTrue();
    }
}
