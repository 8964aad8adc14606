package dev.holdfast.twin.cloudfront;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.model.*;

/** VPC origins need an existing target, and cannot change while distributions use them. */
class TwinVpcOriginsTest extends CloudFrontFixture {
    private static final VpcOriginEndpointConfig PRIVATE = VpcOriginEndpointConfig.builder()
            .name("inner")
            .arn("arn:aws:ec2:eu-west-2:123456789012:instance/i-0123456789abcdef0")
            .httpPort(80)
            .httpsPort(443)
            .originProtocolPolicy(OriginProtocolPolicy.HTTP_ONLY)
            .build();

    @Test
    void changesNothingOfAVpcOriginThatIsUsed() {
        CreateVpcOriginResponse made = cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE));
        String id = made.vpcOrigin().id();
        assertThat(made.vpcOrigin().status()).isEqualTo("Deploying");
        refused(
                "EntityAlreadyExists",
                "same name",
                () -> cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE)));
        refused(
                "IllegalDelete",
                "deployed",
                () -> cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(made.eTag())));
        clock.advance(Duration.ofMinutes(6));
        String site = create(config("a")
                        .origins(o -> o.quantity(1)
                                .items(i -> i.id("media")
                                        .domainName("inner.example.com")
                                        .vpcOriginConfig(v -> v.vpcOriginId(id)))))
                .id();

        String message = "currently associated with one or more distributions";
        refused(
                "CannotUpdateEntityWhileInUse",
                message,
                () -> cloudFront.updateVpcOrigin(
                        r -> r.id(id).ifMatch(made.eTag()).vpcOriginEndpointConfig(PRIVATE)));
        refused(
                "CannotUpdateEntityWhileInUse",
                message,
                () -> cloudFront.tagResource(r -> r.resource(made.vpcOrigin().arn())
                        .tags(t -> t.items(i -> i.key("a").value("b")))));
        refused(
                "CannotDeleteEntityWhileInUse",
                message,
                () -> cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(made.eTag())));
        update(
                site,
                c -> c.origins(o -> o.quantity(1)
                        .items(origin().originPath("")
                                .customHeaders(h -> h.quantity(0))
                                .build())));
        cloudFront.deleteVpcOrigin(r -> r.id(id).ifMatch(made.eTag()));
        assertThat(cloudFront.getVpcOrigin(r -> r.id(id)).vpcOrigin().status()).isEqualTo("Deploying");
        clock.advance(Duration.ofMinutes(6));
        refused("EntityNotFound", id, () -> cloudFront.getVpcOrigin(r -> r.id(id)));
    }

    @Test
    void refusesAVpcOriginThatLeadsNowhere() {
        refused(
                "InvalidArgument",
                "does not exist",
                () -> cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE.copy(c -> c.arn(
                        "arn:aws:elasticloadbalancing:eu-west-2:123456789012:loadbalancer/app/no/0123456789abcdef")))));
        refused(
                "InvalidArgument",
                "ARN",
                () -> cloudFront.createVpcOrigin(
                        r -> r.vpcOriginEndpointConfig(PRIVATE.copy(c -> c.arn("arn:aws:s3:::media")))));
        refused(
                "InvalidArgument",
                "port",
                () -> cloudFront.createVpcOrigin(r -> r.vpcOriginEndpointConfig(PRIVATE.copy(c -> c.httpPort(81)))));
        refused(
                "EntityNotFound",
                "vo_no",
                c -> c.origins(o -> o.quantity(1)
                        .items(i -> i.id("media")
                                .domainName("inner.example.com")
                                .vpcOriginConfig(v -> v.vpcOriginId("vo_no")))));
    }
}
