package dev.holdfast.kinds.ec2;

import static dev.holdfast.model.Fault.Category.CONFLICT;

import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** An internet gateway and its attachment to a VPC. */
@Singleton
public final class InternetGatewayKind extends DeclaredKind<InternetGatewayKind.Spec> {

    /**
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html">CreateInternetGateway</a>
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html">AttachInternetGateway</a>
     */
    public record Spec(
            @Doc("The VPC of the gateway; a VPC has at most one gateway. The gateway cannot move to another VPC:"
                    + " EC2 does not detach it while public addresses depend on it.")
            @Immutable(onceSet = true)
            @Ref("Vpc")
            String vpcId,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("InternetGateway", Spec.class)
                .description("The connection of a VPC to the internet.")
                .finds(Ec2.find(
                        InternetGateway::internetGatewayId,
                        (ec2, f) -> ec2.describeInternetGatewaysPaginator(
                                        r -> r.filters(f).maxResults(Ec2.PAGE))
                                .internetGateways()))
                .id(InternetGateway::internetGatewayId)
                .tags(Ec2.tagging(ResourceType.INTERNET_GATEWAY))
                .reads(
                        Spec::vpcId,
                        gateway -> attachment(gateway)
                                .map(InternetGatewayAttachment::vpcId)
                                .orElse(null))
                .state(InternetGatewayKind::state)
                .creates(CreateInternetGatewayRequest::builder, Ec2Client::createInternetGateway)
                .updates(
                        (ec2, change) -> ec2.attachInternetGateway(r -> r.internetGatewayId(change.physicalId())
                                .vpcId(change.spec().vpcId())),
                        Spec::vpcId)
                .deletesObserved(InternetGatewayKind::detachOrDelete)
                .output("id", "The gateway's id.", InternetGateway::internetGatewayId)
                // The answer to our own call was lost, or a gateway that is being deleted holds the VPC: the next
                // observation shows the cause.
                .fault("Resource.AlreadyAssociated", CONFLICT)
                .fault("InvalidParameterValue", "already has an internet gateway attached", CONFLICT)
                .fault("Gateway.NotAttached", CONFLICT)
                .permissions(Permissions.on("ec2:{region}:{account}:internet-gateway/*")
                        .touchesOwn("ec2:AttachInternetGateway", "ec2:{region}:{account}:vpc/*")
                        .touches("ec2:DetachInternetGateway", "ec2:{region}:{account}:vpc/*"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html");
    }

    private static Optional<InternetGatewayAttachment> attachment(InternetGateway gateway) {
        return gateway.attachments().stream()
                .filter(a -> a.state() != AttachmentStatus.DETACHED)
                .findFirst();
    }

    /** EC2 reports an attached gateway as "available". */
    private static Known<Spec> state(Known<Spec> known, InternetGateway gateway) {
        String state = attachment(gateway)
                .map(InternetGatewayAttachment::stateAsString)
                .orElse("detached");
        return switch (state) {
            case "detached" -> known.health(Health.notReady("Detached", "the gateway is not attached to a VPC"));
            case "attaching", "detaching" -> known.phase(Phase.Updating).health(Health.notReady("Attaching", state));
            default -> known;
        };
    }

    private static void detachOrDelete(Ec2Client ec2, Observed<Spec> observed) {
        String id = observed.physicalId();
        String attachedTo = observed.spec().vpcId();
        if (attachedTo != null) {
            ec2.detachInternetGateway(r -> r.internetGatewayId(id).vpcId(attachedTo));
        } else {
            ec2.deleteInternetGateway(r -> r.internetGatewayId(id));
        }
    }
}
