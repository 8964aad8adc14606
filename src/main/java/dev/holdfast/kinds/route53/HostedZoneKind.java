package dev.holdfast.kinds.route53;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.CreateHostedZoneRequest;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;
import software.amazon.awssdk.services.route53.model.ResourceTagSet;
import software.amazon.awssdk.services.route53.model.Tag;
import software.amazon.awssdk.services.route53.model.TagResourceType;
import software.amazon.awssdk.services.route53.model.VPC;
import software.amazon.awssdk.services.route53.model.VPCRegion;

/**
 * A hosted zone of Route 53. A new zone has other name servers, so that a zone is never replaced without an approval.
 */
@Singleton
public final class HostedZoneKind extends DeclaredKind<HostedZoneKind.Spec> {
    private static final int PAGE = 100;
    private static final int TAGS_OF = 10;

    private static final Tagging<Route53Client> TAGGING = Tagging.batched(
            TAGS_OF,
            null,
            (dns, ids) -> dns
                    .listTagsForResources(
                            r -> r.resourceType(TagResourceType.HOSTEDZONE).resourceIds(ids))
                    .resourceTagSets()
                    .stream()
                    .collect(Collectors.toMap(ResourceTagSet::resourceId, set -> SdkShapes.map(set.tags()))),
            HostedZoneKind::tag,
            (dns, id, keys) -> dns.changeTagsForResource(r ->
                    r.resourceType(TagResourceType.HOSTEDZONE).resourceId(id).removeTagKeys(keys)));

    /** @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html">CreateHostedZone</a> */
    public record Spec(
            @Doc("The domain, such as example.com; AWS allows several zones with the same name.") @Required @Immutable
            String name,

            @Doc("The comment of the zone.") HostedZoneConfig hostedZoneConfig,

            @Doc("The VPCs in which a private zone is resolved; a zone without VPCs is public. A public zone"
                    + " cannot become private, nor the reverse.")
            @Slow("vpcs")
            Set<ZoneVpc> vpcs,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            name = Values.normal(name, DnsNames::canonical);
        }
    }

    /** The comment of a zone. */
    public record HostedZoneConfig(
            @Doc("The purpose of the zone.") @EmptyIsNone String comment) {
        public HostedZoneConfig {
            comment = comment == null ? "" : comment;
        }
    }

    /** A VPC of a private zone. */
    public record ZoneVpc(
            @Doc("The id of the VPC; DNS support and DNS host names must be on.") @Required @Ref("Vpc")
            String vpcId,

            @Doc("The region of the VPC.") @Required VPCRegion vpcRegion)
            implements Keyed {
        @Override
        public String key() {
            return String.valueOf(vpcId);
        }

        VPC shape() {
            return VPC.builder().vpcId(vpcId).vpcRegion(vpcRegion).build();
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("HostedZone", Spec.class, Route53Client.class)
                .description("A hosted zone: the DNS records of a domain, public or for some VPCs.")
                .lists(
                        dns -> dns.listHostedZonesPaginator(r -> r.maxItems(String.valueOf(PAGE)))
                                .hostedZones(),
                        PointRead.of(
                                (dns, id) ->
                                        List.of(dns.getHostedZone(r -> r.id(id)).hostedZone()),
                                NoSuchHostedZoneException.class))
                .id(HostedZone::id)
                .place((desired, zone) -> zone.name().equals(desired.name()))
                .tags(TAGGING)
                .reads(
                        Spec::hostedZoneConfig,
                        zone -> new HostedZoneConfig(
                                zone.config() == null ? "" : zone.config().comment()))
                .detail((scope, dns, zone) -> scope.forever(
                        zone.id(),
                        "name servers",
                        // AWS returns no delegation set for a private zone.
                        () -> Map.of(
                                "nameServers",
                                isPrivate(zone)
                                        ? List.of()
                                        : List.copyOf(dns.getHostedZone(r -> r.id(zone.id()))
                                                .delegationSet()
                                                .nameServers()))))
                .facetOfOwners(
                        Spec::vpcs,
                        (dns, zone) -> isPrivate(zone)
                                ? vpcs(dns.getHostedZone(r -> r.id(zone.id())).vpCs())
                                : Set.of())
                .creates(HostedZoneKind::create)
                .updates(
                        (dns, change) -> dns.updateHostedZoneComment(
                                r -> r.id(change.physicalId()).comment(comment(change.spec()))),
                        Spec::hostedZoneConfig)
                .updates(HostedZoneKind::changeVpcs, Spec::vpcs)
                .deletes((dns, id) -> dns.deleteHostedZone(r -> r.id(id)))
                .output("id", "The id of the zone.", HostedZone::id)
                .output("name", "The domain, with a dot at its end.", HostedZone::name)
                .output("nameServers", "The name servers of a public zone, for the parent domain or the registrar.")
                .info(info -> info.global().stateful("its name servers: the domain has to be delegated again"))
                .leavesOut(
                        "vpc",
                        "Holdfast sends the first of vpcs, because AWS accepts only one VPC when a zone is created")
                .leavesOut("callerReference", "Holdfast sends the token of the creation")
                .leavesOut(
                        "delegationSetId",
                        "a reusable set of name servers belongs to no stack; a zone that uses such a set can be"
                                + " adopted")
                .fault("HostedZoneNotEmpty", DEPENDENCY)
                .fault("TooManyHostedZones", QUOTA)
                .permissions(Permissions.on("route53:::hostedzone/*")
                        .changesAnything(
                                "route53:CreateHostedZone",
                                "route53:ChangeTagsForResource",
                                "route53:DeleteHostedZone",
                                "route53:UpdateHostedZoneComment",
                                "route53:AssociateVPCWithHostedZone",
                                "route53:DisassociateVPCFromHostedZone")
                        .reads("ec2:DescribeVpcs"))
                .page("https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html");
    }

    private static boolean isPrivate(HostedZone zone) {
        return zone.config() != null && Boolean.TRUE.equals(zone.config().privateZone());
    }

    private static Set<ZoneVpc> vpcs(List<VPC> all) {
        return all.stream().map(v -> new ZoneVpc(v.vpcId(), v.vpcRegion())).collect(Collectors.toUnmodifiableSet());
    }

    private static void tag(Route53Client dns, String id, Map<String, String> tags) {
        dns.changeTagsForResource(r ->
                r.resourceType(TagResourceType.HOSTEDZONE).resourceId(id).addTags(SdkShapes.pairs(tags, Tag::builder)));
    }

    /**
     * The creating call accepts no tags. A zone with this token was created by an earlier attempt that failed before it
     * added the tags.
     */
    private static String create(
            Route53Client dns, Desired<Spec> desired, String token, Tagging<Route53Client> tagging) {
        Spec spec = desired.spec();
        String id = dns.listHostedZonesByName(r -> r.dnsName(spec.name())).hostedZones().stream()
                .filter(zone -> token.equals(zone.callerReference()))
                .findFirst()
                .map(HostedZone::id)
                .orElseGet(() ->
                        dns.createHostedZone(request(spec, token)).hostedZone().id());
        if (spec.tags() != null) {
            tagging.put().put(dns, id, spec.tags());
        }
        return id;
    }

    private static String comment(Spec spec) {
        HostedZoneConfig config = spec.hostedZoneConfig();
        return config == null || config.comment() == null ? "" : config.comment();
    }

    private static CreateHostedZoneRequest request(Spec spec, String token) {
        CreateHostedZoneRequest.Builder request =
                CreateHostedZoneRequest.builder().name(spec.name()).callerReference(token);
        String comment = comment(spec);
        if (!comment.isEmpty()) {
            request.hostedZoneConfig(c -> c.comment(comment));
        }
        if (spec.vpcs() != null) {
            Iterator<ZoneVpc> vpcs = spec.vpcs().iterator();
            if (vpcs.hasNext()) {
                request.vpc(vpcs.next().shape());
            }
        }
        return request.build();
    }

    /** VPCs are added before others are removed, because a private zone must not lose its last VPC. */
    private static void changeVpcs(Route53Client dns, Change<Spec> change) {
        Delta<ZoneVpc> delta = change.delta(Spec::vpcs);
        delta.added()
                .forEach(vpc -> dns.associateVPCWithHostedZone(
                        r -> r.hostedZoneId(change.physicalId()).vpc(vpc.shape())));
        delta.removed()
                .forEach(vpc -> dns.disassociateVPCFromHostedZone(
                        r -> r.hostedZoneId(change.physicalId()).vpc(vpc.shape())));
    }
}
