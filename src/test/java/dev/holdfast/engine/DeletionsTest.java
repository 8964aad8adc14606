package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/**
 * A refused deletion is repeated seldom. A deletion that AWS accepts and does not carry out is not repeated for ever.
 */
class DeletionsTest {
    private static final String OTHER = Docs.alarm("other", 1);
    private static final Map<String, String> TAGS =
            Map.of("holdfast:stack", "inst/test", "holdfast:resource", "Alarm/gone", "Project", "Test");

    private static long sent(World world, String operation) {
        return world.twin.log().requests().stream()
                .filter(r -> r.operation().equals(operation) && "holdfast".equals(r.app()))
                .count();
    }

    /** An alarm that is no longer desired; AWS accepts each deletion of it, and keeps it. */
    private static World undeletable() {
        World world = new World();
        world.desire(Docs.of(OTHER, Docs.alarm("gone", 1))).converged();
        String name = world.resource("Alarm/gone").physicalId();
        world.twin.faults().afterWrite(request -> {
            if (request.operation().equals("cloudwatch:DeleteAlarms") && "holdfast".equals(request.app())) {
                world.somebody(CloudWatchClient.class)
                        .putMetricAlarm(Docs.theirAlarm(name, 1.0)
                                .tags(new MadeTags(TAGS).as(Tag::builder))
                                .build());
            }
        });
        world.desire(Docs.of(OTHER));
        return world;
    }

    @Test
    void threeDeletionsWithoutEffectAreEnough() {
        try (World world = undeletable()) {
            world.run(Duration.ofMinutes(10));
            world.restart().run(Duration.ofMinutes(10));

            assertThat(sent(world, "cloudwatch:DeleteAlarms"))
                    .as(world.describe())
                    .isEqualTo(3);
            assertThat(world.status("Alarm/gone")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Alarm/gone").reason()).hasToString("NeverConverges");
            assertThat(world.status("Alarm/other")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void retryLetsItTryAgain() {
        try (World world = undeletable()) {
            world.run(Duration.ofMinutes(10));
            world.twin.faults().afterWrite(request -> {});

            world.retry("Alarm/gone");
            world.converged();

            assertThat(sent(world, "cloudwatch:DeleteAlarms")).isEqualTo(4);
            assertThat(world.owned()).containsOnlyKeys("Alarm/other");
        }
    }

    @Test
    void aRefusedDeletionIsTriedAgainEveryFiveMinutes() {
        try (World world = new World()) {
            world.desire(Docs.of(OTHER, Docs.alarm("gone", 1))).converged();
            world.twin.faults().add("cloudwatch:DeleteAlarms", new TwinFault.Deny());
            world.desire(Docs.of(OTHER));

            world.run(Duration.ofMinutes(21));

            assertThat(sent(world, "cloudwatch:DeleteAlarms")).isBetween(4L, 6L);
            assertThat(world.status("Alarm/gone")).isEqualTo(Status.Failed);
            assertThat(world.resource("Alarm/gone").reason()).hasToString("DENIED");
            world.twin.faults().clear();
            world.run(EngineConstants.DENIED.multipliedBy(2));
            assertThat(world.owned()).containsOnlyKeys("Alarm/other");
        }
    }

    @Test
    void whatWasReplacedAndMayNotBeDeletedIsTriedAsSeldomAndSaysSo() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "before", ""))).converged();
            String old = world.resource("SecurityGroup/a").physicalId();
            world.twin.faults().add("ec2:DeleteSecurityGroup", new TwinFault.Deny());
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "after", "")));

            world.run(Duration.ofMinutes(21));

            assertThat(sent(world, "ec2:DeleteSecurityGroup")).isBetween(4L, 6L);
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.Failed);
            assertThat(world.resource("SecurityGroup/a").message()).contains(old, "ec2:DeleteSecurityGroup");
            world.twin.faults().clear();
            world.run(EngineConstants.DENIED.multipliedBy(2));
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.Synced);
            assertThat(world.owned().get("SecurityGroup/a")).hasSize(1);
        }
    }

    @Test
    void whatIsReplacedUnderOneNameIsNotDeletedForEverEither() {
        String log = """
            {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'lifecycle':{'onReplace':'Allow'},
             'spec':{'logGroupName':'/app','logGroupClass':'%s'}}
            """;
        try (World world = new World()) {
            world.desire(Docs.of(log.formatted("STANDARD"))).converged();
            world.twin.faults().afterWrite(request -> {
                if (request.operation().equals("logs:DeleteLogGroup")) {
                    world.somebody(CloudWatchLogsClient.class)
                            .createLogGroup(r -> r.logGroupName("/app")
                                    .logGroupClass("STANDARD")
                                    .tags(Map.of(
                                            "holdfast:stack",
                                            "inst/test",
                                            "holdfast:resource",
                                            "LogGroup/app",
                                            "Project",
                                            "Test")));
                }
            });
            world.desire(Docs.of(log.formatted("INFREQUENT_ACCESS")));

            world.run(Duration.ofMinutes(10));

            assertThat(sent(world, "logs:DeleteLogGroup")).as(world.describe()).isEqualTo(3);
            assertThat(world.resource("LogGroup/app").reason()).hasToString("NeverConverges");
        }
    }
}
