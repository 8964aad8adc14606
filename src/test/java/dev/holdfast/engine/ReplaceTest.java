package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * A resource that cannot be changed is replaced: the new object is created, its dependents are updated, and the old
 * object is deleted.
 */
class ReplaceTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    /** Two groups; the second allows traffic from the first. */
    private static World chain() {
        World world = new World();
        return world.desire(chain("before", "")).converged();
    }

    private static String chain(String description, String more) {
        return Docs.of(Docs.vpc(""), Docs.group("a", description, more), Docs.groupOf("b", "a"));
    }

    private static List<SecurityGroup> groups(World world) {
        return world.somebody(Ec2Client.class).describeSecurityGroups().securityGroups().stream()
                .filter(g -> !g.groupName().equals("default"))
                .toList();
    }

    private static String allowedIn(World world) {
        return groups(world).stream()
                .filter(g -> g.description().equals("refers"))
                .findFirst()
                .orElseThrow()
                .ipPermissions()
                .getFirst()
                .userIdGroupPairs()
                .getFirst()
                .groupId();
    }

    @Test
    void theNewOneIsMadeFirstAndTheOldOneGoesWhenNobodyRefersToIt() {
        try (World world = chain()) {
            String old = world.resource("SecurityGroup/a").physicalId();
            List<String> done = new java.util.ArrayList<>();
            world.twin.faults().afterWrite(request -> done.add(request.operation()));

            world.desire(chain("after", "")).converged();

            String now = world.resource("SecurityGroup/a").physicalId();
            assertThat(now).isNotEqualTo(old);
            assertThat(allowedIn(world)).isEqualTo(now);
            assertThat(groups(world)).hasSize(2).noneMatch(g -> g.groupId().equals(old));
            assertThat(done.indexOf("ec2:CreateSecurityGroup"))
                    .isLessThan(done.indexOf("ec2:AuthorizeSecurityGroupIngress"));
            assertThat(done.lastIndexOf("ec2:AuthorizeSecurityGroupIngress"))
                    .isLessThan(done.indexOf("ec2:DeleteSecurityGroup"));
        }
    }

    @Test
    void theOldOneStaysWhileSomebodyRefersToItAcrossARestart() {
        try (World world = chain()) {
            String old = world.resource("SecurityGroup/a").physicalId();
            world.twin.faults().add("ec2:AuthorizeSecurityGroupIngress", new TwinFault.Deny());

            world.desire(chain("after", ""));
            world.run(SOON);
            world.restart().run(SOON);

            assertThat(groups(world)).hasSize(3).anyMatch(g -> g.groupId().equals(old));
            assertThat(allowedIn(world)).isEqualTo(old);
            world.twin.faults().clear();
            world.restart().converged();
            assertThat(groups(world)).hasSize(2).noneMatch(g -> g.groupId().equals(old));
            assertThat(world.twin.log().counts(c -> c.operation().equals("ec2:CreateSecurityGroup")))
                    .containsValue(3L);
        }
    }

    @Test
    void aKillInTheMiddleMakesNoThirdOne() {
        int writes;
        try (World world = chain()) {
            world.twin.log().reset();
            world.desire(chain("after", ""));
            world.run(Duration.ofMinutes(2));
            writes = (int) world.twin.log().count(c -> c.write() && c.caller().equals(world.caller()));
        }
        assertThat(writes).isGreaterThan(3);
        for (int write = 1; write <= writes; write++) {
            for (boolean takesEffect : new boolean[] {false, true}) {
                try (World world = chain()) {
                    world.twin
                            .faults()
                            .add(TwinFaultRule.on("*", new TwinFault.CutAtWrite(write, takesEffect))
                                    .by(world.caller()));
                    world.desire(chain("after", ""));
                    world.run(Duration.ofMinutes(2));

                    world.restart().converged();

                    assertThat(groups(world))
                            .as("cut at write " + write + ", which took effect: " + takesEffect)
                            .hasSize(2)
                            .noneMatch(g -> g.description().equals("before"));
                }
            }
        }
    }

    @Test
    void aNameThatTheDocumentChoseGoesFirstAndWantsAnApproval() {
        try (World world = new World()) {
            world.desire(named("before", "")).converged();
            String old = world.resource("SecurityGroup/a").physicalId();
            world.desire(named("after", ""));
            world.run(SOON);
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("SecurityGroup/a").reason()).hasToString("ReplaceNeedsApproval");
            List<String> done = new java.util.ArrayList<>();
            world.twin.faults().afterWrite(request -> done.add(request.operation()));

            world.approve(replace(world).hash());
            world.converged();

            assertThat(world.resource("SecurityGroup/a").physicalId()).isNotEqualTo(old);
            assertThat(groups(world)).singleElement().satisfies(g -> {
                assertThat(g.groupName()).isEqualTo("fixed");
                assertThat(g.description()).isEqualTo("after");
            });
            assertThat(done.indexOf("ec2:DeleteSecurityGroup")).isLessThan(done.indexOf("ec2:CreateSecurityGroup"));
        }
    }

    @Test
    void allowNeedsNoApproval() {
        try (World world = new World()) {
            world.desire(named("before", "'lifecycle':{'onReplace':'Allow'},")).converged();

            world.desire(named("after", "'lifecycle':{'onReplace':'Allow'},")).converged();

            assertThat(groups(world))
                    .singleElement()
                    .satisfies(g -> assertThat(g.description()).isEqualTo("after"));
        }
    }

    @Test
    void approveHoldsAlsoWhatWouldBeMadeFirst() {
        try (World world = chain()) {
            Map<String, Long> before = world.writes();
            world.desire(chain("after", "'lifecycle':{'onReplace':'Approve'},"));
            world.run(SOON);
            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.AwaitingApproval);

            world.approve(replace(world).hash());
            world.converged();

            assertThat(groups(world)).anyMatch(g -> g.description().equals("after"));
        }
    }

    @Test
    void neverIsNeverWhateverSomebodyApproves() {
        try (World world = chain()) {
            Map<String, Long> before = world.writes();
            world.desire(chain("after", "'lifecycle':{'onReplace':'Never'},"));
            world.run(SOON);

            world.approve(replace(world).hash());
            world.run(SOON);

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.Stalled);
            assertThat(world.resource("SecurityGroup/a").reason()).hasToString("ReplaceForbidden");
        }
    }

    private static Step replace(World world) {
        return world.view().plan().steps().stream()
                .filter(s -> s.action() == Action.Replace)
                .findFirst()
                .orElseThrow(() -> new AssertionError(world.describe()));
    }

    private static String named(String description, String more) {
        return Docs.of(Docs.vpc(""), """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'a'},%s'spec':{
              'groupName':'fixed','vpcId':'${Vpc/main}','description':'%s','ingress':[]}}
            """.formatted(more, description));
    }
}
