package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** Resources that are no longer desired and retained, until a user removes our tags from them. */
class LetGoTest {
    private static final String GROUP = """
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'old'},'lifecycle':{'onDelete':'Retain'},
         'spec':{'logGroupName':'/let/go'}},""";

    private static final String OTHER =
            "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'new'},'spec':{'logGroupName':'/stays'}}";

    private static void untag(World world) {
        world.somebody(CloudWatchLogsClient.class)
                .untagResource(
                        r -> r.resourceArn("arn:aws:logs:" + World.REGION + ":" + World.ACCOUNT + ":log-group:/let/go")
                                .tagKeys("holdfast:stack", "holdfast:resource"));
    }

    private static boolean exists(World world) {
        return !world.somebody(CloudWatchLogsClient.class)
                .describeLogGroups(r -> r.logGroupNamePrefix("/let/go"))
                .logGroups()
                .isEmpty();
    }

    @Test
    void anOrphanWithoutOurTagsIsForgottenAndLeftAlone() {
        try (World world = new World()) {
            world.desire("[" + GROUP + OTHER + "]").converged();
            world.desire("[" + OTHER + "]").converged();
            assertThat(world.status("LogGroup/old")).hasToString("Orphaned");
            world.run(Duration.ofMinutes(10));
            untag(world);

            world.run(Duration.ofMinutes(20));

            assertThat(world.view().resources().keySet())
                    .extracting(Object::toString)
                    .containsExactly("LogGroup/new");
            assertThat(exists(world)).isTrue();
            assertThat(world.events).noneMatch(e -> e.reason().equals("StepsUsedUp"));
            assertThat(world.pass().writes()).isZero();
        }
    }

    /** A read may not show new tags yet: meanwhile the record is kept. */
    @Test
    void oneThatWasWrittenJustNowIsKeptForAWhile() {
        try (World world = new World()) {
            world.desire("[" + GROUP + OTHER + "]").converged();
            world.desire("[" + OTHER + "]").converged();
            untag(world);

            world.run(Duration.ofMinutes(1));

            assertThat(world.view().resources().keySet())
                    .extracting(Object::toString)
                    .contains("LogGroup/old");
            assertThat(exists(world)).isTrue();
            assertThat(world.events).noneMatch(e -> e.reason().equals("StepsUsedUp"));
            assertThat(world.pass().total()).isLessThan(30);
        }
    }
}
