package dev.holdfast.twin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TwinLogTest {
    private final TwinLog log = new TwinLog();

    @Test
    void keepsTheLastAndCountsAll() {
        // When
        for (int i = 0; i < 25_000; i++) {
            add("me", "ec2:DescribeVpcs", false);
        }

        // Then
        assertThat(log.requests()).hasSize(20_000);
        assertThat(log.requests().getLast().sequence()).isEqualTo(25_000);
        assertThat(log.counts(c -> true)).containsEntry("ec2:DescribeVpcs", 25_000L);
    }

    @Test
    void countsByCallerAndOperation() {
        // When
        add("me", "ec2:DescribeVpcs", false);
        add("me", "ec2:CreateVpc", true);
        add("you", "ec2:CreateVpc", true);

        // Then
        assertThat(log.counts(c -> c.caller().equals("me"))).hasToString("{ec2:CreateVpc=1, ec2:DescribeVpcs=1}");
        assertThat(log.count(TwinLog.Counted::write)).isEqualTo(2);
        assertThat(log.writes()).extracting(LoggedRequest::caller).containsExactly("me", "you");
    }

    @Test
    void resetForgetsAllButTheSequence() {
        // Given
        add("me", "ec2:CreateVpc", true);

        // When
        log.reset();

        // Then
        assertThat(log.requests()).isEmpty();
        assertThat(log.count(c -> true)).isZero();
        assertThat(add("me", "ec2:CreateVpc", true).sequence()).isEqualTo(2);
    }

    private LoggedRequest add(String caller, String operation, boolean write) {
        return log.add(new LoggedRequest(
                0, Instant.EPOCH, caller, null, "1", "eu-west-2", operation, write, write, 200, null));
    }
}
