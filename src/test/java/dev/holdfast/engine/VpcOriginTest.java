package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginSummary;

/** AWS does not change a VPC origin in use: therefore a new VPC origin replaces the old one, which is deleted last. */
class VpcOriginTest {
    private static final String BASE = """
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'v'},'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'a'},
              'spec':{'vpcId':'${Vpc/v}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'b'},
              'spec':{'vpcId':'${Vpc/v}','cidrBlock':'10.0.1.0/24','availabilityZone':'eu-west-2b'}},
            {'apiVersion':'holdfast.dev/v1','kind':'LoadBalancer','metadata':{'name':'inner'},
              'spec':{'scheme':'internal','subnets':['${Subnet/a}','${Subnet/b}']}}
            """;
    private static final String SITE = Docs.document("Distribution", "site", """
            'enabled':true,'comment':'site',
            'origins':[{'id':'app','domainName':'${LoadBalancer/inner.dnsName}','vpcOriginConfig':{'vpcOriginId':'${VpcOrigin/app}'}}],
            'defaultCacheBehavior':{'targetOriginId':'app','viewerProtocolPolicy':'redirect-to-https',
              'cachePolicyId':'4135ea2d-6df8-44a3-9df3-4b5a84be39ad'}
            """);

    private static String origin(String more) {
        return Docs.document(
                "VpcOrigin",
                "app",
                "'arn':'${LoadBalancer/inner.arn}','httpPort':80,'httpsPort':443,'originProtocolPolicy':'http-only'"
                        + more);
    }

    private static List<String> ids(World world) {
        return Sites.cloudFront(world).listVpcOrigins(r -> {}).vpcOriginList().items().stream()
                .map(VpcOriginSummary::id)
                .toList();
    }

    private static String used(World world) {
        return Sites.read(world)
                .distributionConfig()
                .origins()
                .items()
                .getFirst()
                .vpcOriginConfig()
                .vpcOriginId();
    }

    @Test
    void theDistributionWaitsUntilItIsDeployed() {
        try (World world = new World()) {
            world.desire(Docs.of(BASE, origin(""), SITE));
            world.run(Duration.ofMinutes(4));
            assertThat(world.status("VpcOrigin/app")).isEqualTo(Status.Progressing);
            assertThat(world.status("Distribution/site")).isEqualTo(Status.Waiting);

            world.converged();

            assertThat(ids(world)).containsExactly(used(world));
            world.run(Duration.ofMinutes(30));
            assertThat(world.calls("cloudfront:CreateVpcOrigin")).isEqualTo(1);
            assertThat(world.calls("cloudfront:GetVpcOrigin"))
                    .as("no more reads while nothing changes")
                    .isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aChangeMakesAnotherOneAndTheOldOneGoesLast() {
        try (World world = new World()) {
            world.desire(Docs.of(BASE, origin(""), SITE), Docs.UNLIMITED).converged();
            String old = used(world);

            world.desire(Docs.of(BASE, origin(",'ipAddressType':'dualstack'"), SITE), Docs.UNLIMITED);
            world.run(Duration.ofMinutes(3));
            assertThat(used(world)).as("the new VPC origin is not deployed yet").isEqualTo(old);
            assertThat(ids(world)).hasSize(2).contains(old);
            world.converge(Duration.ofHours(2));

            assertThat(ids(world)).containsExactly(used(world)).doesNotContain(old);
            assertThat(world.view().converged()).as(world.describe()).isTrue();
            assertThat(world.calls("cloudfront:UpdateVpcOrigin")).isZero();
        }
    }

    /** AWS rejects even a change of a tag while a distribution uses the VPC origin. */
    @Test
    void aChangeOfATagMakesAnotherOneToo() {
        try (World world = new World()) {
            world.desire(Docs.of(BASE, origin(",'tags':{'Team':'one'}"), SITE), Docs.UNLIMITED)
                    .converged();
            String old = used(world);

            world.desire(Docs.of(BASE, origin(",'tags':{'Team':'two'}"), SITE), Docs.UNLIMITED);
            world.converge(Duration.ofHours(2));

            assertThat(ids(world)).containsExactly(used(world)).doesNotContain(old);
            assertThat(world.calls("cloudfront:TagResource")).isZero();
        }
    }

    @Test
    void goesAfterTheDistributionThatUsedIt() {
        try (World world = new World()) {
            String deletable = SITE.replaceFirst("'spec'", "'lifecycle':{'onDelete':'Delete'},'spec'");
            world.desire(Docs.of(BASE, origin(""), deletable), Docs.UNLIMITED).converged();

            world.desire(Docs.of(BASE), Docs.UNLIMITED);
            world.converge(Duration.ofHours(2));

            assertThat(ids(world)).isEmpty();
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }
}
