package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Deployment;

/**
 * AWS fails one call of a change that needs several calls: the remaining changes stay pending, and are applied later.
 */
class HalfDoneTest {
    private static final Duration A_WHILE = Duration.ofMinutes(12);

    private static String group(String cidr) {
        return Docs.of(Docs.vpc(""), """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'a'},'spec':{
              'vpcId':'${Vpc/main}','description':'a','egress':[],
              'ingress':[{'protocol':'tcp','fromPort':443,'toPort':443,'cidrIpv4':'%s'}]}}
            """.formatted(cidr));
    }

    private static List<String> open(World world) {
        return world
                .somebody(Ec2Client.class)
                .describeSecurityGroups(
                        r -> r.groupIds(world.resource("SecurityGroup/a").physicalId()))
                .securityGroups()
                .getFirst()
                .ipPermissions()
                .stream()
                .flatMap(p -> p.ipRanges().stream())
                .map(IpRange::cidrIp)
                .toList();
    }

    @Test
    void aGrantThatIsRefusedRevokesNothing() {
        try (World world = new World()) {
            // Given
            world.desire(group("10.0.0.0/24")).converged();
            world.twin.faults().add("ec2:AuthorizeSecurityGroupIngress", new TwinFault.Deny());

            // When
            world.desire(group("10.0.0.0/16"));
            world.run(A_WHILE);

            // Then
            assertThat(open(world)).containsExactly("10.0.0.0/24");
            world.twin.faults().clear();
            world.converged();
            assertThat(open(world)).containsExactly("10.0.0.0/16");
        }
    }

    @Test
    void aRevokeThatIsRefusedIsMadeUpForHoweverLongItTakes() {
        try (World world = new World()) {
            // Given
            world.desire(group("10.0.0.0/24")).converged();
            world.twin.faults().add("ec2:RevokeSecurityGroupIngress", new TwinFault.Throttle());

            // When
            world.desire(group("10.0.0.0/16"));
            world.run(A_WHILE);

            // Then
            assertThat(open(world)).containsExactlyInAnyOrder("10.0.0.0/24", "10.0.0.0/16");
            assertThat(world.status("SecurityGroup/a")).isNotEqualTo(Status.Stalled);
            world.twin.faults().clear();
            world.converged();
            assertThat(open(world)).containsExactly("10.0.0.0/16");
        }
    }

    @Test
    void aBucketThatIsBusyIsConfiguredWhenItIsFree() {
        try (World world = new World()) {
            // Given
            world.refuse(
                    "s3:PutBucketVersioning",
                    409,
                    "OperationAborted",
                    "A conflicting conditional operation is currently in progress against this resource.");
            String bucket = Docs.of("""
                {'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'a'},'spec':{'bucketName':'busy-one',
                  'versioning':'Enabled','corsConfiguration':{'corsRules':[{'allowedOrigins':['*'],'allowedMethods':['GET']}]}}}
                """);

            // When
            world.desire(bucket);
            world.run(A_WHILE);

            // Then
            assertThat(world.status("Bucket/a")).isEqualTo(Status.Failed);
            assertThat(world.calls("s3:PutBucketCors"))
                    .as("no call follows the one that failed")
                    .isZero();
            world.twin.faults().clear();
            world.converged();
        }
    }

    @Test
    void whatStartsNoRolloutCarriesNoFlagThatWouldStartOne() {
        try (World world = new World()) {
            // Given
            world.desire(Docs.service("nginx:1", 0)).converged();
            List<String> before = deployments(world);

            // When
            world.desire(Docs.service("nginx:1", 60)).converged();

            // Then
            assertThat(deployments(world)).isEqualTo(before);
        }
    }

    private static List<String> deployments(World world) {
        return world
                .somebody(EcsClient.class)
                .describeServices(
                        r -> r.cluster(world.resource("EcsCluster/main").physicalId())
                                .services(world.resource("EcsService/app").physicalId()))
                .services()
                .getFirst()
                .deployments()
                .stream()
                .map(Deployment::id)
                .toList();
    }

    @Test
    void fiveSupersededRevisionsAreKeptAndTheOneInUseAlways() {
        try (World world = new World()) {
            for (int i = 1; i <= 8; i++) {
                world.desire(Docs.service("nginx:" + i, 0)).converged();
            }
            world.run(Duration.ofMinutes(30));

            List<String> active =
                    world.somebody(EcsClient.class).listTaskDefinitions().taskDefinitionArns();
            assertThat(active)
                    .extracting(arn -> arn.substring(arn.lastIndexOf(':') + 1))
                    .containsExactlyInAnyOrder("3", "4", "5", "6", "7", "8");
            assertThat(active).contains(world.resource("TaskDefinition/app").physicalId());
        }
    }

    @Test
    void aReplacedTargetGroupIsTakenUpByAllBeforeTheOldOneGoes() {
        try (World world = new World()) {
            // Given
            world.desire(Docs.service("nginx:1", 0)).converged();
            String old = world.resource("TargetGroup/app").physicalId();
            List<String> done = new ArrayList<>();
            world.twin.faults().afterWrite(request -> done.add(request.operation()));

            // When
            world.desire(Docs.service("nginx:1", 0)
                            .replace("'protocol':'HTTP','port':8080", "'protocol':'HTTP','port':80"))
                    .converged();
            world.run(A_WHILE);

            // Then
            assertThat(world.resource("TargetGroup/app").physicalId()).isNotEqualTo(old);
            assertThat(done)
                    .containsSubsequence(Stream.of(
                                    "elasticloadbalancing:CreateTargetGroup",
                                    "elasticloadbalancing:ModifyListener",
                                    "ecs:UpdateService",
                                    "elasticloadbalancing:DeleteTargetGroup")
                            .toList());
            assertThat(world.calls("elasticloadbalancing:DeleteTargetGroup"))
                    .as("one call, and only when the group is unused: AWS rejects an earlier one")
                    .isEqualTo(1);
        }
    }
}
