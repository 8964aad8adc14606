package dev.holdfast.kinds.ec2;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** An internet gateway and its attachment to a VPC. */
@Singleton
public final class InternetGatewayKind implements Kind<InternetGatewayKind.Spec> {

    /**
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html">CreateInternetGateway</a>
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html">AttachInternetGateway</a>
     */
    public record Spec(
            @Doc("The VPC that it is attached to; a VPC has one at most. It moves to no other: EC2 keeps it where"
                    + " public addresses hang on it.")
            @Immutable(onceSet = true)
            @Ref("Vpc")
            @Nullable
            String vpcId,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("InternetGateway", Spec.class, OwnershipForm.TAG)
                .description("A VPC's way to and from the internet.")
                .output("id", "The gateway's id.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html")
                // Attached by ourselves, with the answer lost, or still held by one that is going: the next look knows.
                .fault(FaultRule.of("Resource.AlreadyAssociated", Fault.Category.CONFLICT))
                .fault(FaultRule.of(
                        "InvalidParameterValue", "already has an internet gateway attached", Fault.Category.CONFLICT))
                .fault(FaultRule.of("Gateway.NotAttached", Fault.Category.CONFLICT))
                .permissions(Permissions.on("ec2:{region}:{account}:internet-gateway/*")
                        .lists("ec2:DescribeInternetGateways")
                        .creates("ec2:CreateInternetGateway")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:AttachInternetGateway", "ec2:DetachInternetGateway", "ec2:DeleteInternetGateway")
                        .touches("ec2:AttachInternetGateway", "ec2:{region}:{account}:vpc/*")
                        .touches("ec2:DetachInternetGateway", "ec2:{region}:{account}:vpc/*"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        Collection<InternetGateway> gateways = Ec2.find(
                scope,
                "internet-gateway-id",
                InternetGateway::internetGatewayId,
                f -> ec2.describeInternetGatewaysPaginator(r -> r.filters(f).maxResults(Ec2.PAGE))
                        .internetGateways());
        return scope.each(gateways, g -> Ec2.identity(g.internetGatewayId(), g.tags()), InternetGatewayKind::observed);
    }

    private static Known<Spec> observed(InternetGateway gateway, Identity identity) {
        InternetGatewayAttachment attachment = gateway.attachments().stream()
                .filter(a -> a.state() != AttachmentStatus.DETACHED)
                .findFirst()
                .orElse(null);
        Known<Spec> known = Known.of(
                        identity, new Spec(attachment == null ? null : attachment.vpcId(), identity.tags()))
                .output("id", gateway.internetGatewayId());
        if (attachment == null) {
            return known.health(Health.notReady("Detached", "it is attached to no VPC"));
        }
        // EC2 says "available" of a gateway that is attached.
        return switch (attachment.stateAsString()) {
            case "attaching", "detaching" ->
                known.phase(Phase.Updating).health(Health.notReady("Attaching", attachment.stateAsString()));
            default -> known;
        };
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        return desired.client(Ec2Client.class)
                .createInternetGateway(r -> r.tagSpecifications(
                        Ec2.tags(ResourceType.INTERNET_GATEWAY, desired.spec().tags())))
                .internetGateway()
                .internetGatewayId();
    }

    @Override
    public void update(Change<Spec> change) {
        Ec2Client ec2 = change.client(Ec2Client.class);
        String id = change.physicalId();
        if (change.touches(Spec::vpcId)) {
            ec2.attachInternetGateway(
                    r -> r.internetGatewayId(id).vpcId(change.spec().vpcId()));
        }
        Ec2.updateTags(ec2, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        Ec2Client ec2 = observed.client(Ec2Client.class);
        String id = observed.physicalId();
        String attachedTo = observed.spec().vpcId();
        if (attachedTo != null) {
            ec2.detachInternetGateway(r -> r.internetGatewayId(id).vpcId(attachedTo));
        } else {
            ec2.deleteInternetGateway(r -> r.internetGatewayId(id));
        }
    }
}
