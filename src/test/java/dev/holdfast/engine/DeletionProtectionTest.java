package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * A resource with deletion protection that is no longer desired stays. Holdfast does not lift the protection, and
 * deletes the resource after a person has lifted it.
 */
class DeletionProtectionTest {
    private static final String OTHER = Docs.document("LogGroup", "other", "'logGroupName':'other'");
    private static final String NETWORK = String.join(
            ",",
            Docs.vpc(""),
            Docs.subnet("a", "10.0.0.0/24", "eu-west-2a"),
            Docs.subnet("b", "10.0.1.0/24", "eu-west-2b"));

    private static String going(String kind, String spec) {
        return Docs.document(kind, "main", spec)
                .replace("'kind':'" + kind + "',", "'kind':'" + kind + "','lifecycle':{'onDelete':'Delete'},");
    }

    private static void staysUntilLifted(World world, String resource, Runnable lift) {
        world.run(Duration.ofHours(1));
        assertThat(world.status(resource)).as(world.describe()).isEqualTo(Status.Failed);
        assertThat(world.resource(resource).reason()).isEqualTo(Reason.DENIED);
        assertThat(world.resource(resource).message()).containsIgnoringCase("deletion protection");

        lift.run();
        world.run(Duration.ofHours(1));

        assertThat(world.view().resources().keySet())
                .as(world.describe())
                .extracting(Object::toString)
                .doesNotContain(resource);
        assertThat(world.view().converged()).isTrue();
    }

    @Test
    void aLogGroup() {
        try (World world = new World()) {
            String group = going("LogGroup", "'logGroupName':'app','deletionProtectionEnabled':true");
            world.desire(Docs.of(OTHER, group), Docs.UNLIMITED).converged();

            world.desire(Docs.of(OTHER), Docs.UNLIMITED);

            staysUntilLifted(
                    world,
                    "LogGroup/main",
                    () -> world.somebody(CloudWatchLogsClient.class)
                            .putLogGroupDeletionProtection(
                                    r -> r.logGroupIdentifier("app").deletionProtectionEnabled(false)));
        }
    }

    @Test
    void aLoadBalancer() {
        try (World world = new World()) {
            String balancer = going(
                    "LoadBalancer",
                    "'name':'app','scheme':'internal','subnets':['${Subnet/a}','${Subnet/b}'],"
                            + "'loadBalancerAttributes':{'deletion_protection.enabled':'true'}");
            world.desire(Docs.of(NETWORK, balancer), Docs.UNLIMITED).converged();
            String arn = String.valueOf(world.resource("LoadBalancer/main").physicalId());

            world.desire(Docs.of(NETWORK), Docs.UNLIMITED);

            staysUntilLifted(
                    world,
                    "LoadBalancer/main",
                    () -> world.somebody(ElasticLoadBalancingV2Client.class)
                            .modifyLoadBalancerAttributes(r -> r.loadBalancerArn(arn)
                                    .attributes(a ->
                                            a.key("deletion_protection.enabled").value("false"))));
        }
    }
}
