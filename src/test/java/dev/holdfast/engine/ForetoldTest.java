package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A plan shows all effects of a replacement before its first write, and the limits count all of them. */
class ForetoldTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static Map<String, Action> plan(World world) {
        Map<String, Action> plan = new TreeMap<>();
        world.view().plan().steps().forEach(s -> plan.put(s.resource().toString(), s.action()));
        return plan;
    }

    private static String network(String cidr, String subnet) {
        return Docs.of(
                Docs.vpc("").replace("10.0.0.0/16", cidr),
                Docs.subnet("a", subnet, "eu-west-2a"),
                Docs.group("tasks", "tasks", ""),
                Docs.alarm("aside", 1));
    }

    @Test
    void aNewImageShowsTheRolloutThatFollows() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1", 10)).converged();

            world.desire(Docs.service("app:2", 10), "'mode':'Observe',");
            world.pass();

            assertThat(plan(world))
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("TaskDefinition/app", Action.Replace, "EcsService/app", Action.Update));
            Step rollout = world.step("EcsService/app");
            assertThat(rollout.rollout()).isTrue();
            assertThat(rollout.changes()).singleElement().satisfies(c -> {
                assertThat(c.path()).isEqualTo("/taskDefinition");
                assertThat(c.knownAfterApply()).isTrue();
                assertThat(c.observed().asText()).contains(":task-definition/");
                assertThat(c.cause()).isEqualTo(FieldChange.Cause.PendingChange);
            });
            assertThat(world.status("EcsService/app")).isEqualTo(Status.Synced);
            // The planned rollout is no drift, and needs no approval.
            assertThat(world.view().drift())
                    .noneMatch(d -> d.resource().toString().equals("EcsService/app"));

            world.desire(Docs.service("app:2", 10)).converged();
            assertThat(plan(world)).isEmpty();
        }
    }

    @Test
    void replacementsThatFollowCountBeforeTheFirstIsMade() {
        try (World world = new World()) {
            world.desire(network("10.0.0.0/16", "10.0.0.0/24")).converged();
            Map<String, Long> before = world.writes();

            world.desire(network("10.1.0.0/16", "10.1.0.0/24"));
            world.run(SOON);

            assertThat(plan(world))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "Vpc/main",
                            Action.Replace,
                            "Subnet/a",
                            Action.Replace,
                            "SecurityGroup/tasks",
                            Action.Replace));
            assertThat(world.status("Vpc/main")).as(world.describe()).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Vpc/main").reason()).hasToString("LimitExceeded");
            assertThat(world.status("SecurityGroup/tasks")).isEqualTo(Status.Synced);
            assertThat(world.status("Alarm/aside")).isEqualTo(Status.Synced);
            assertThat(world.writes()).isEqualTo(before);

            assertThat(world.view().verdicts().get(world.step("SecurityGroup/tasks")))
                    .isInstanceOfSatisfying(
                            Verdict.AfterReplacement.class,
                            f -> assertThat(f.approvable()).isTrue());
            world.approveHeld();
            world.converged();
            assertThat(plan(world)).isEmpty();
        }
    }

    @Test
    void anApprovalOfTheFirstIsNoneOfWhatFollows() {
        try (World world = new World()) {
            world.desire(network("10.0.0.0/16", "10.0.0.0/24")).converged();
            String group = world.resource("SecurityGroup/tasks").physicalId();
            world.desire(network("10.1.0.0/16", "10.1.0.0/24"));
            world.run(SOON);

            world.approve(world.step("Vpc/main").hash());
            world.approve(world.step("Subnet/a").hash());
            world.run(SOON);

            assertThat(plan(world))
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("SecurityGroup/tasks", Action.Replace, "Vpc/main", Action.Delete));
            assertThat(world.resource("SecurityGroup/tasks").physicalId()).isEqualTo(group);
            assertThat(world.resource("SecurityGroup/tasks").reason()).hasToString("LimitExceeded");
            world.approve(world.step("SecurityGroup/tasks").hash());
            world.converged();
        }
    }

    @Test
    void whatFollowsWithinTheLimitsGoesByItself() {
        try (World world = new World()) {
            String limits = "'limits':{'maxReplaces':3},";
            world.desire(network("10.0.0.0/16", "10.0.0.0/24"), limits).converged();
            String old = world.resource("Vpc/main").physicalId();

            world.desire(network("10.1.0.0/16", "10.1.0.0/24"), limits).converged();

            assertThat(world.resource("Vpc/main").physicalId()).isNotEqualTo(old);
            assertThat(world.owned()).hasSize(4);
            assertThat(plan(world)).isEmpty();
        }
    }

    @Test
    void whatIsIgnoredDoesNotFollow() {
        try (World world = new World()) {
            String documents = Docs.of(
                    Docs.vpc(""),
                    Docs.group("a", "before", ""),
                    Docs.groupOf("b", "a").replace("'spec'", "'lifecycle':{'ignore':['/ingress']},'spec'"));
            world.desire(documents).converged();

            world.desire(documents.replace("before", "after"), "'mode':'Observe',");
            world.pass();

            assertThat(plan(world)).containsExactly(Map.entry("SecurityGroup/a", Action.Replace));
        }
    }
}
