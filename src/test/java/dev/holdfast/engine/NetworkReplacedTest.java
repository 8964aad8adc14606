package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;

/** A VPC's range cannot be changed: with another one all that is in it is made anew, and the old one goes. */
class NetworkReplacedTest {
    private static String documents(String range) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'%s','zones':['a','b'],'tiers':['public','private']}},
            {'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'api'},
              'spec':{'image':'public.ecr.aws/x/api:1','paths':['/api/*'],'priority':1,'scaling':false,'alarms':false}}
            """.formatted(range));
    }

    private static List<String> ranges(World world) {
        return world.somebody(Ec2Client.class).describeVpcs().vpcs().stream()
                .map(Vpc::cidrBlock)
                .toList();
    }

    /** With every approval that is asked for. @return what was held after the first look, and why */
    private static Set<String> arrive(World world) {
        Set<String> reasons = new TreeSet<>();
        world.run(Duration.ofMinutes(1));
        world.approveHeld();
        for (int i = 0; i < 6 && !world.view().converged(); i++) {
            world.converge(Duration.ofMinutes(20));
            world.view().verdicts().forEach((step, verdict) -> {
                if (verdict instanceof Verdict.Held held) {
                    reasons.add(step.resource() + " " + held.reason());
                }
            });
            world.approveHeld();
        }
        assertThat(world.view().converged()).as(world.describe()).isTrue();
        return reasons;
    }

    @Test
    void allThatIsInItMovesAndNothingIsLeftBehind() {
        try (World world = new World()) {
            world.desire(documents("10.0.0.0/16")).converged();

            world.desire(documents("10.1.0.0/16")).run(Duration.ofMinutes(1));

            List<String> replaced = Objects.requireNonNull(world.view().plan()).steps().stream()
                    .filter(s -> s.action() == Action.Replace)
                    .map(Step::resource)
                    .map(ResourceId::toString)
                    .toList();
            assertThat(replaced).contains("Vpc/main", "LoadBalancer/main", "InternetGateway/main", "TargetGroup/api");
            // About the size of the plan it is asked once; beside that only about what goes before it is made anew: an
            // address can be at one gateway only.
            assertThat(arrive(world)).containsExactly("NatGateway/main-a ReplaceNeedsApproval");
            assertThat(ranges(world)).containsExactly("10.1.0.0/16");
            assertThat(world.somebody(Ec2Client.class)
                            .describeInternetGateways()
                            .internetGateways())
                    .hasSize(1)
                    .flatMap(g -> g.attachments().stream()
                            .map(InternetGatewayAttachment::vpcId)
                            .toList())
                    .containsExactly(world.resource("Vpc/main").physicalId());
        }
    }

    /** The old VPC still has subnets of the ranges that are wanted again, in another one. */
    @Test
    void whoGoesBackHalfwayArrives() {
        try (World world = new World()) {
            world.desire(documents("10.0.0.0/16")).converged();
            world.desire(documents("10.1.0.0/16")).run(Duration.ofMinutes(1));
            world.approveHeld();
            world.run(Duration.ofMinutes(1));
            assertThat(ranges(world)).containsExactlyInAnyOrder("10.0.0.0/16", "10.1.0.0/16");

            world.desire(documents("10.0.0.0/16"));
            arrive(world);

            assertThat(ranges(world)).containsExactly("10.0.0.0/16");
            assertThat(world.somebody(Ec2Client.class).describeSubnets().subnets())
                    .hasSize(4)
                    .extracting(Subnet::vpcId)
                    .containsOnly(world.resource("Vpc/main").physicalId());
        }
    }
}
