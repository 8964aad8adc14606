package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A site in front of a load balancer and a bucket, both of which accept requests of the distribution only. */
class CdnTest {
    private static final String SITE = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
          'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public']}},
         {'apiVersion':'holdfast.dev/v1','kind':'HostedZone','metadata':{'name':'main'},'spec':{'name':'example.com'}},
         {'apiVersion':'holdfast.dev/v1','kind':'Ingress','metadata':{'name':'main'},
          'spec':{'domain':{'hostedZoneId':'${HostedZone/main}','name':'origin.example.com'}}},
         {'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'media'},
          'spec':{'bucketName':'site-media','policy':{'Version':'2012-10-17','Statement':[
            {'Sid':'Tls','Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::site-media/*',
             'Condition':{'Bool':{'aws:SecureTransport':'false'}}},
            {'Sid':'Cdn','Effect':'Allow','Principal':{'Service':'cloudfront.amazonaws.com'},'Action':'s3:GetObject',
             'Resource':'arn:aws:s3:::site-media/*',
             'Condition':{'StringEquals':{'AWS:SourceArn':'${Cdn/main.arn}'}}}]}}},
         {'apiVersion':'holdfast.dev/v1','kind':'Cdn','metadata':{'name':'main'},
          'spec':{'buckets':{'/media/*':{'bucket':'media'}},
                  'domain':{'hostedZoneId':'${HostedZone/main}','name':'example.com','alternativeNames':['www.example.com']}}}]
        """;

    private static String policy(World world) {
        try {
            return world.somebody(S3Client.class)
                    .getBucketPolicy(r -> r.bucket("site-media"))
                    .policy();
        } catch (S3Exception e) {
            return "";
        }
    }

    private static String arn(World world) {
        return String.valueOf(world.resource("Distribution/main").outputs().get("arn"));
    }

    private static DistributionConfig config(World world) {
        return world.somebody(CloudFrontClient.class)
                .getDistributionConfig(
                        r -> r.id(world.resource("Distribution/main").physicalId()))
                .distributionConfig();
    }

    @Test
    void theBucketRestrictsAtOnceAndAdmitsTheDistributionWhenThereIsOne() {
        try (World world = new World()) {
            world.desire(SITE).runUntil(() -> !policy(world).isEmpty(), Duration.ofMinutes(2));
            assertThat(policy(world)).contains("Tls").doesNotContain("Cdn");

            world.converged();

            assertThat(policy(world)).contains("Tls", "Cdn", arn(world)).doesNotContain("${");
            assertThat(config(world).aliases().items()).containsExactlyInAnyOrder("example.com", "www.example.com");
            assertThat(config(world).viewerCertificate().acmCertificateArn()).startsWith("arn:aws:acm:us-east-1:");
            assertThat(world.account()
                            .service("us-east-1", CloudWatchClient.class)
                            .describeAlarms(r -> {})
                            .metricAlarms())
                    .singleElement()
                    .satisfies(alarm -> {
                        assertThat(alarm.metricName()).isEqualTo("5xxErrorRate");
                        assertThat(alarm.dimensions())
                                .extracting(d -> d.name() + "=" + d.value())
                                .containsExactlyInAnyOrder(
                                        "DistributionId="
                                                + world.resource("Distribution/main")
                                                        .physicalId(),
                                        "Region=Global");
                    });
            assertThat(world.pass().writes()).isZero();
        }
    }

    /**
     * The load balancer is not reachable from the internet, and the distribution waits until CloudFront has deployed
     * the VPC origin.
     */
    @Test
    void anInternalIngressIsReachedByAVpcOrigin() {
        String inner = SITE.replace("'tiers':['public']", "'natGateways':'None'")
                .replace(
                        "'spec':{'domain':{'hostedZoneId':'${HostedZone/main}','name':'origin",
                        "'spec':{'scheme':'internal','domain':{'hostedZoneId':'${HostedZone/main}','name':'origin")
                .replace("'spec':{'buckets'", "'spec':{'vpcOrigin':true,'buckets'");
        try (World world = new World()) {
            world.desire(inner).converged();

            String way = world.resource("VpcOrigin/main").physicalId();
            assertThat(config(world).origins().items())
                    .filteredOn(origin -> origin.id().equals("ingress"))
                    .singleElement()
                    .satisfies(origin -> {
                        assertThat(origin.vpcOriginConfig().vpcOriginId()).isEqualTo(way);
                        assertThat(origin.domainName()).isEqualTo("origin.example.com");
                    });
            assertThat(world.somebody(ElasticLoadBalancingV2Client.class)
                            .describeLoadBalancers()
                            .loadBalancers())
                    .singleElement()
                    .satisfies(balancer -> {
                        assertThat(balancer.scheme()).isEqualTo(LoadBalancerSchemeEnum.INTERNAL);
                        assertThat(balancer.loadBalancerArn())
                                .isEqualTo(world.somebody(CloudFrontClient.class)
                                        .getVpcOrigin(r -> r.id(way))
                                        .vpcOrigin()
                                        .vpcOriginEndpointConfig()
                                        .arn());
                    });
            assertThat(world.pass().writes()).isZero();
        }
    }

    private static void somebodyChanges(World world, Consumer<DefaultCacheBehavior.Builder> change) {
        CloudFrontClient cloudFront = world.somebody(CloudFrontClient.class);
        String id = world.resource("Distribution/main").physicalId();
        String etag = cloudFront.getDistributionConfig(r -> r.id(id)).eTag();
        DistributionConfig now = config(world);
        DistributionConfig changed =
                now.copy(c -> c.defaultCacheBehavior(now.defaultCacheBehavior().copy(change)));
        cloudFront.updateDistribution(r -> r.id(id).ifMatch(etag).distributionConfig(changed));
    }

    @Test
    void aBehaviorThatSomebodyOpenedIsHealed() {
        try (World world = new World()) {
            world.desire(SITE).converged();
            somebodyChanges(world, b -> b.viewerProtocolPolicy(ViewerProtocolPolicy.ALLOW_ALL));

            world.run(Duration.ofMinutes(15));

            assertThat(config(world).defaultCacheBehavior().viewerProtocolPolicy())
                    .isEqualTo(ViewerProtocolPolicy.REDIRECT_TO_HTTPS);
            assertThat(world.status("Distribution/main")).isEqualTo(Status.Synced);
        }
    }

    /** The composite desires no such policy: CloudFront shows none, which is no difference, and a foreign one goes. */
    @Test
    void aPolicyForHeadersThatSomebodyAddedIsTakenOff() {
        try (World world = new World()) {
            world.desire(SITE).converged();
            assertThat(config(world).defaultCacheBehavior().responseHeadersPolicyId())
                    .isNull();
            somebodyChanges(world, b -> b.responseHeadersPolicyId("67f7725c-6f97-4210-82d7-5512b31e9d03"));

            world.run(Duration.ofMinutes(15));

            assertThat(config(world).defaultCacheBehavior().responseHeadersPolicyId())
                    .isNull();
            assertThat(world.status("Distribution/main")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aPolicyThatSomebodyOpenedIsHealed() {
        try (World world = new World()) {
            world.desire(SITE).converged();
            String ours = policy(world);
            world.somebody(S3Client.class)
                    .putBucketPolicy(r -> r.bucket("site-media").policy("""
                            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},
                             "Action":"s3:GetObject","Resource":"arn:aws:s3:::site-media/*"}]}"""));

            world.run(Duration.ofMinutes(15));

            assertThat(policy(world)).isEqualTo(ours);
        }
    }
}
