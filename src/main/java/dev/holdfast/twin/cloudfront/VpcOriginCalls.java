package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.cloudfront.CloudFrontState.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.elbv2.TwinElb;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.StoredResource;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;

/**
 * VPC origins. Each deployment takes minutes. An origin that a distribution uses cannot change.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html">VPC origins</a>
 */
interface VpcOriginCalls extends CloudFrontClient {
    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html">quotas</a> */
    int MOST_ORIGINS = 25;

    Pattern BALANCER = Pattern.compile(
            "arn:aws:elasticloadbalancing:([a-z0-9-]+):(\\d{12}):loadbalancer/(app|net)/[^/]+/[0-9a-f]+");
    Pattern INSTANCE = Pattern.compile("arn:aws:ec2:([a-z0-9-]+):(\\d{12}):instance/i-[0-9a-f]+");

    CloudFrontState state();

    private void check(VpcOriginEndpointConfig config, @Nullable String own) {
        CloudFrontState.counted(config);
        if (state().vpcOrigins.stream()
                .anyMatch(other -> !other.id().equals(own)
                        && other.vpcOriginEndpointConfig().name().equals(config.name()))) {
            throw conflict(
                    "EntityAlreadyExists",
                    "Another vpc origin with the same name already exists within the aws account.");
        }
        Matcher balancer = BALANCER.matcher(config.arn());
        if (!balancer.matches() && !INSTANCE.matcher(config.arn()).matches()) {
            throw invalid("The ARN is not one of a load balancer or an instance: " + config.arn());
        }
        if (balancer.matches()
                && !state().context.peerIn(balancer.group(1), TwinElb.class).loadBalancerExists(config.arn())) {
            throw invalid("The load balancer does not exist: " + config.arn());
        }
        for (Integer port : new Integer[] {config.httpPort(), config.httpsPort()}) {
            if (port != 80 && port != 443 && (port < 1024 || port > 65535)) {
                throw invalid("The port is not valid: " + port);
            }
        }
        if (!OriginProtocolPolicy.knownValues().contains(config.originProtocolPolicy())) {
            throw invalid("The origin protocol policy is not valid: " + config.originProtocolPolicyAsString());
        }
    }

    private static VpcOriginEndpointConfig filled(VpcOriginEndpointConfig asked) {
        VpcOriginEndpointConfig.Builder whole = asked.toBuilder();
        if (asked.originSslProtocols() == null) {
            whole.originSslProtocols(p -> p.quantity(1).items(SslProtocol.TLS_V1_2));
        }
        if (asked.ipAddressType() == null) {
            whole.ipAddressType(VpcIpAddressType.IPV4);
        }
        return whole.build();
    }

    @Override
    default CreateVpcOriginResponse createVpcOrigin(CreateVpcOriginRequest r) {
        CloudFrontState s = state();
        check(r.vpcOriginEndpointConfig(), null);
        if (s.vpcOrigins.all().size() >= s.context.settings().quota(MOST_ORIGINS)) {
            throw refused(
                    "EntityLimitExceeded", "You have reached the maximum number of VPC origins for this account.");
        }
        String id = "vo_" + s.context.hex(22).toUpperCase(Locale.ROOT);
        s.vpcOrigins.add(
                VpcOrigin.builder()
                        .id(id)
                        .arn(s.arn("vpcorigin/" + id))
                        .accountId(s.context.account())
                        .createdTime(s.context.now())
                        .vpcOriginEndpointConfig(filled(r.vpcOriginEndpointConfig()))
                        .build(),
                r.tags() == null ? Map.of() : SdkShapes.map(r.tags().items()));
        s.renew(s.vpcOrigins.stored(id));
        return CloudFrontState.created("vpc-origin/" + id, CreateVpcOriginResponse.builder(), s.vpcOrigins, id);
    }

    @Override
    default GetVpcOriginResponse getVpcOrigin(GetVpcOriginRequest r) {
        settle();
        return CloudFrontState.read(GetVpcOriginResponse.builder(), state().vpcOrigins, r.id());
    }

    @Override
    default UpdateVpcOriginResponse updateVpcOrigin(UpdateVpcOriginRequest r) {
        CloudFrontState s = state();
        StoredResource<VpcOrigin> stored =
                CloudFrontState.match(free("CannotUpdateEntityWhileInUse", r.id()), r.ifMatch());
        check(r.vpcOriginEndpointConfig(), r.id());
        s.vpcOrigins.change(r.id(), o -> o.vpcOriginEndpointConfig(filled(r.vpcOriginEndpointConfig())));
        s.renew(stored);
        return CloudFrontState.answer(UpdateVpcOriginResponse.builder(), s.vpcOrigins, r.id());
    }

    /** A deletion takes as long as a deployment. */
    @Override
    default DeleteVpcOriginResponse deleteVpcOrigin(DeleteVpcOriginRequest r) {
        CloudFrontState s = state();
        StoredResource<VpcOrigin> stored =
                CloudFrontState.match(free("CannotDeleteEntityWhileInUse", r.id()), r.ifMatch());
        s.renew(stored);
        stored.attributes().put(CloudFrontState.DELETED, s.context.now().toString());
        return CloudFrontState.answer(DeleteVpcOriginResponse.builder(), s.vpcOrigins, r.id());
    }

    @Override
    default ListVpcOriginsResponse listVpcOrigins(ListVpcOriginsRequest r) {
        CloudFrontState s = state();
        settle();
        return ListVpcOriginsResponse.builder()
                .vpcOriginList(s.page(
                        r,
                        VpcOriginList.builder(),
                        s.vpcOrigins
                                .visible()
                                .map(o -> SdkShapes.copy(o, VpcOriginSummary.builder())
                                        .name(o.vpcOriginEndpointConfig().name())
                                        .originEndpointArn(
                                                o.vpcOriginEndpointConfig().arn())
                                        .ipAddressType(
                                                o.vpcOriginEndpointConfig().ipAddressType())
                                        .build())))
                .build();
    }

    private void settle() {
        state().vpcOrigins.ids().stream()
                .filter(id -> {
                    String deleted = state().vpcOrigins.stored(id).attributes().get(CloudFrontState.DELETED);
                    return deleted != null && state().context.passed(Delay.VPC_ORIGIN, Instant.parse(deleted));
                })
                .forEach(state().vpcOrigins::remove);
    }

    /**
     * Returns a VPC origin. Throws CloudFront's error if a distribution uses the origin or if it is still being
     * deployed.
     */
    private StoredResource<VpcOrigin> free(String inUse, String id) {
        CloudFrontState s = state();
        settle();
        StoredResource<VpcOrigin> stored = s.vpcOrigins.stored(id);
        s.unused(inUse, id);
        if (!Objects.equals("Deployed", s.vpcOrigins.shown(stored.shape()).status())) {
            throw refused(
                    inUse.contains("Delete") ? "IllegalDelete" : "IllegalUpdate",
                    "The VPC origin is being deployed: " + id);
        }
        return stored;
    }
}
