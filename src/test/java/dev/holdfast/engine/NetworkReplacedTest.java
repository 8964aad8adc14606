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

/**
 * The range of a VPC cannot be changed. For another range, everything in the VPC is created again, and the old VPC is
 * deleted.
 */
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

    /**
     * Approves all held steps until the stack is settled.
     *
     * @return the steps that were held after the first pass, with the reasons
     */
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
            // The size of the plan needs one approval. In addition, only a replacement that deletes first needs one: an
            // address can belong to one gateway only.
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

    /** The old VPC still has subnets with the ranges that are desired again in another VPC. */
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
