package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** The reads of a resource on which AWS works for a long time. */
class LongWorkTest {
    private static final int MINUTES = 20;

    /** One full pass a minute, and four light passes with pauses of 15 seconds. */
    private static final int READS_A_MINUTE = 5;

    private static String groups() {
        return IntStream.range(0, MINUTES)
                .mapToObj(i ->
                        Docs.document("LogGroup", "group" + i, "'logGroupName':'/group" + i + "','retentionInDays':7"))
                .collect(Collectors.joining(","));
    }

    @Test
    void areNotMoreBecauseOtherResourcesAreWritten() {
        try (World world = new World()) {
            world.settings.delay(Delay.DATABASE, Duration.ofHours(1));
            world.desire(Docs.of(Databases.documents(""), groups()));
            world.run(Duration.ofMinutes(5));
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Progressing);
            long before = world.calls("rds:DescribeDBInstances");
            long repairs = world.calls("logs:PutRetentionPolicy");

            for (int i = 0; i < MINUTES; i++) {
                String group = "/group" + i;
                world.somebody(CloudWatchLogsClient.class)
                        .putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(14));
                world.run(Duration.ofMinutes(1));
            }

            assertThat(world.calls("logs:PutRetentionPolicy") - repairs).isGreaterThanOrEqualTo(MINUTES - 1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Progressing);
            assertThat(world.calls("rds:DescribeDBInstances") - before)
                    .isBetween((long) MINUTES, (long) MINUTES * READS_A_MINUTE);
        }
    }
}
