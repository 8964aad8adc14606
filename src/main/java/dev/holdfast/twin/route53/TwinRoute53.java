package dev.holdfast.twin.route53;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.Paging;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.*;

/** The twin of Route 53: hosted zones and their records. It does not answer DNS queries. */
public final class TwinRoute53 implements Route53Client, TwinService {
    private static final int ZONES = 100;
    private static final int RECORDS = 300;
    private static final String ZONE = "/hostedzone/";
    private static final long DAYS_2 = 172_800L;

    private final TwinContext context;
    private final ResourceStore<HostedZone, HostedZone.Builder> zones;
    private final Map<String, TreeMap<ResourceRecordSet, Instant>> records = new HashMap<>();
    private final Map<String, List<VPC>> vpcs = new HashMap<>();
    /** The caller references of all zones so far. Route 53 refuses them also after the zones are deleted. */
    private final Set<String> references = new HashSet<>();

    private final ZoneChanges changes;

    public TwinRoute53(TwinContext context) {
        this.context = context;
        this.changes = new ZoneChanges(context);
        this.zones = context.store(HostedZone::builder, zone -> bare(zone.id()))
                .type("route53:hostedzone")
                .arn(zone -> "arn:aws:route53:::hostedzone/" + bare(zone.id()))
                .missing(id -> error(404, "NoSuchHostedZone", "No hosted zone found with ID: " + id))
                .pages(ZONES)
                .shows((zone, shown) ->
                        shown.resourceRecordSetCount((long) of(zone.id()).size()))
                .detail(zone -> zone.shape() + " " + of(zone.id()).keySet() + " " + vpcs.get(zone.id()))
                .tagRules(TagRules.of(
                        () -> refused("InvalidInput", "The number of tags exceeds the limit of 50"),
                        key -> refused("InvalidInput", "Tag keys that begin with aws: are reserved")));
    }

    static String bare(@Nullable String id) {
        String text = String.valueOf(id);
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private TreeMap<ResourceRecordSet, Instant> of(String zone) {
        return Objects.requireNonNull(records.get(zone));
    }

    /** The time since which resolvers get this value for a CNAME; null if they get another value or none. */
    public @Nullable Instant answeredSince(String name, String value) {
        String shown = RecordNames.shown(name);
        return records.values().stream()
                .flatMap(all -> all.entrySet().stream())
                .filter(e -> e.getKey().name().equals(shown) && e.getKey().type() == RRType.CNAME)
                .filter(e -> e.getKey().resourceRecords().stream()
                        .anyMatch(r -> RecordNames.shown(r.value()).equals(RecordNames.shown(value))))
                .map(Map.Entry::getValue)
                .filter(since -> context.passed(Delay.DNS_CHANGE, since))
                .findFirst()
                .orElse(null);
    }

    @Override
    public CreateHostedZoneResponse createHostedZone(CreateHostedZoneRequest r) {
        if (references.contains(r.callerReference())) {
            throw error(
                    409,
                    "HostedZoneAlreadyExists",
                    "A hosted zone has already been created with the specified caller reference.");
        }
        String name = RecordNames.shown(r.name());
        if (!name.matches("([a-z0-9_](-?[a-z0-9_])*\\.)+")) {
            throw refused("InvalidDomainName", "The domain name '" + r.name() + "' is not valid.");
        }
        boolean isPrivate = r.vpc() != null;
        if (isPrivate) {
            seen(r.vpc());
        }
        references.add(r.callerReference());
        String id = "Z" + context.hex(19).toUpperCase(Locale.ROOT);
        String comment =
                r.hostedZoneConfig() == null ? null : r.hostedZoneConfig().comment();
        records.put(id, new TreeMap<>(RecordNames.ORDER));
        vpcs.put(id, new ArrayList<>(isPrivate ? List.of(r.vpc()) : List.of()));
        HostedZone zone = zones.create(
                r,
                z -> z.id(ZONE + id).name(name).config(c -> c.comment(comment).privateZone(isPrivate)));
        List<String> servers = servers(id);
        put(id, name, RRType.NS, DAYS_2, servers.stream().map(s -> s + ".").toList());
        put(
                id,
                name,
                RRType.SOA,
                900L,
                List.of(servers.getFirst() + ". awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"));
        return CreateHostedZoneResponse.builder()
                .hostedZone(zones.shown(zone))
                .changeInfo(changes.begin())
                .delegationSet(isPrivate ? null : delegation(id))
                .vpc(r.vpc())
                .location("https://route53.amazonaws.com/2013-04-01/hostedzone/" + id)
                .build();
    }

    private void put(String zone, String name, RRType type, long ttl, List<String> values) {
        of(zone).put(
                        ResourceRecordSet.builder()
                                .name(name)
                                .type(type)
                                .ttl(ttl)
                                .resourceRecords(values.stream()
                                        .map(v -> ResourceRecord.builder()
                                                .value(v)
                                                .build())
                                        .toList())
                                .build(),
                        context.now());
    }

    /** The four name servers of a public zone, each in another domain. */
    private static List<String> servers(String id) {
        int number = Math.floorMod(id.hashCode(), 512);
        return List.of(
                "ns-" + number + ".awsdns-" + number % 64 + ".com",
                "ns-" + (512 + number) + ".awsdns-" + number % 64 + ".net",
                "ns-" + (1024 + number) + ".awsdns-" + number % 64 + ".org",
                "ns-" + (1536 + number) + ".awsdns-" + number % 64 + ".co.uk");
    }

    private static DelegationSet delegation(String id) {
        return DelegationSet.builder().nameServers(servers(id)).build();
    }

    private void seen(VPC vpc) {
        if (context.peerIn(vpc.vpcRegionAsString(), TwinEc2.class).vpc(vpc.vpcId()) == null) {
            throw refused(
                    "InvalidVPCId", "The VPC: " + vpc.vpcId() + " that you provided is not authorized or not valid.");
        }
    }

    @Override
    public GetChangeResponse getChange(GetChangeRequest r) {
        return GetChangeResponse.builder()
                .changeInfo(changes.info(bare(r.id())))
                .build();
    }

    @Override
    public GetHostedZoneResponse getHostedZone(GetHostedZoneRequest r) {
        String id = bare(r.id());
        HostedZone zone = zones.shown(zones.seen(id).shape());
        boolean isPrivate = zone.config().privateZone();
        return GetHostedZoneResponse.builder()
                .hostedZone(zone)
                .delegationSet(isPrivate ? null : delegation(id))
                .vpCs(isPrivate ? vpcs.get(id) : null)
                .build();
    }

    @Override
    public ListHostedZonesResponse listHostedZones(ListHostedZonesRequest r) {
        return zones
                .page(
                        r,
                        ListHostedZonesResponse.builder(),
                        zones.visible().sorted(Comparator.comparing(HostedZone::id)))
                .toBuilder()
                .marker(r.marker())
                .maxItems(Objects.requireNonNullElse(r.maxItems(), String.valueOf(ZONES)))
                .build();
    }

    /** The zones whose names are equal to the requested name or follow it. */
    @Override
    public ListHostedZonesByNameResponse listHostedZonesByName(ListHostedZonesByNameRequest r) {
        String from = r.dnsName() == null ? "" : RecordNames.reversed(RecordNames.shown(r.dnsName()));
        Comparator<HostedZone> order = Comparator.comparing((HostedZone z) -> RecordNames.reversed(z.name()))
                .thenComparing(HostedZone::id);
        List<HostedZone> all = zones.visible()
                .filter(zone -> {
                    int name = RecordNames.reversed(zone.name()).compareTo(from);
                    return name > 0
                            || (name == 0
                                    && (r.hostedZoneId() == null
                                            || bare(zone.id()).compareTo(bare(r.hostedZoneId())) >= 0));
                })
                .sorted(order)
                .toList();
        Paging.Page<HostedZone> page = context.slice(r, all, ZONES, ZONES);
        HostedZone next = page.next() == null ? null : all.get(page.items().size());
        return ListHostedZonesByNameResponse.builder()
                .hostedZones(page.items())
                .dnsName(r.dnsName())
                .isTruncated(next != null)
                .nextDNSName(next == null ? null : next.name())
                .nextHostedZoneId(next == null ? null : bare(next.id()))
                .maxItems(Objects.requireNonNullElse(r.maxItems(), String.valueOf(ZONES)))
                .build();
    }

    @Override
    public UpdateHostedZoneCommentResponse updateHostedZoneComment(UpdateHostedZoneCommentRequest r) {
        HostedZone zone = zones.stored(bare(r.id())).shape();
        HostedZone changed = zones.change(
                bare(r.id()),
                z -> z.config(
                        c -> c.comment(r.comment()).privateZone(zone.config().privateZone())));
        return UpdateHostedZoneCommentResponse.builder()
                .hostedZone(zones.shown(changed))
                .build();
    }

    @Override
    public DeleteHostedZoneResponse deleteHostedZone(DeleteHostedZoneRequest r) {
        String id = bare(r.id());
        zones.need(id);
        if (of(id).size() > 2) {
            throw refused(
                    "HostedZoneNotEmpty",
                    "The specified hosted zone contains non-required resource record sets and so cannot be deleted.");
        }
        zones.delete(id);
        records.remove(id);
        vpcs.remove(id);
        return DeleteHostedZoneResponse.builder().changeInfo(changes.begin()).build();
    }

    @Override
    public AssociateVpcWithHostedZoneResponse associateVPCWithHostedZone(AssociateVpcWithHostedZoneRequest r) {
        String id = bare(r.hostedZoneId());
        if (!zones.need(id).config().privateZone()) {
            throw refused(
                    "PublicZoneVPCAssociation", "You can't associate a VPC with the public hosted zone " + id + ".");
        }
        seen(r.vpc());
        if (!vpcs(id).contains(r.vpc())) {
            vpcs(id).add(r.vpc());
        }
        return AssociateVpcWithHostedZoneResponse.builder()
                .changeInfo(changes.begin())
                .build();
    }

    private List<VPC> vpcs(String zone) {
        return Objects.requireNonNull(vpcs.get(zone));
    }

    @Override
    public DisassociateVpcFromHostedZoneResponse disassociateVPCFromHostedZone(DisassociateVpcFromHostedZoneRequest r) {
        String id = bare(r.hostedZoneId());
        zones.need(id);
        if (!vpcs(id).contains(r.vpc())) {
            throw error(
                    404,
                    "VPCAssociationNotFound",
                    "The VPC: " + r.vpc().vpcId() + " is not associated with the hosted zone " + id + ".");
        }
        if (vpcs(id).size() == 1) {
            throw refused("LastVPCAssociation", "The VPC: " + r.vpc().vpcId() + " is the last of the private zone.");
        }
        vpcs(id).remove(r.vpc());
        return DisassociateVpcFromHostedZoneResponse.builder()
                .changeInfo(changes.begin())
                .build();
    }

    @Override
    public ChangeResourceRecordSetsResponse changeResourceRecordSets(ChangeResourceRecordSetsRequest r) {
        String id = bare(r.hostedZoneId());
        HostedZone zone = zones.need(id);
        records.put(
                id,
                new RecordChanges(zone.name(), id, of(id), context.now())
                        .apply(r.changeBatch().changes()));
        return ChangeResourceRecordSetsResponse.builder()
                .changeInfo(changes.begin())
                .build();
    }

    @Override
    public ListResourceRecordSetsResponse listResourceRecordSets(ListResourceRecordSetsRequest r) {
        String id = bare(r.hostedZoneId());
        zones.seen(id);
        if (r.startRecordType() != null && r.startRecordName() == null) {
            throw refused("InvalidInput", "Cannot specify type without name");
        }
        ResourceRecordSet from = ResourceRecordSet.builder()
                .name(r.startRecordName() == null ? "" : RecordNames.shown(r.startRecordName()))
                .type(Objects.requireNonNullElse(r.startRecordTypeAsString(), ""))
                .setIdentifier(r.startRecordIdentifier())
                .build();
        List<ResourceRecordSet> all = List.copyOf(
                r.startRecordName() == null
                        ? of(id).keySet()
                        : of(id).tailMap(from, true).keySet());
        Paging.Page<ResourceRecordSet> page = context.slice(r, all, RECORDS, RECORDS);
        ResourceRecordSet next =
                page.next() == null ? null : all.get(page.items().size());
        return ListResourceRecordSetsResponse.builder()
                .resourceRecordSets(page.items())
                .isTruncated(next != null)
                .nextRecordName(next == null ? null : next.name())
                .nextRecordType(next == null ? null : next.typeAsString())
                .nextRecordIdentifier(next == null ? null : next.setIdentifier())
                .maxItems(Objects.requireNonNullElse(r.maxItems(), String.valueOf(RECORDS)))
                .build();
    }

    @Override
    public ChangeTagsForResourceResponse changeTagsForResource(ChangeTagsForResourceRequest r) {
        String id = zone(r.resourceType(), r.resourceId());
        zones.tag(
                id,
                r.addTags().stream()
                        .collect(Collectors.toMap(Tag::key, t -> Objects.requireNonNullElse(t.value(), ""))));
        zones.untag(id, r.removeTagKeys());
        return ChangeTagsForResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return ListTagsForResourceResponse.builder()
                .resourceTagSet(tags(zone(r.resourceType(), r.resourceId())))
                .build();
    }

    @Override
    public ListTagsForResourcesResponse listTagsForResources(ListTagsForResourcesRequest r) {
        if (r.resourceIds().size() > 10) {
            throw refused("InvalidInput", "1 validation error detected: at most 10 resource ids");
        }
        return ListTagsForResourcesResponse.builder()
                .resourceTagSets(r.resourceIds().stream()
                        .map(id -> tags(zone(r.resourceType(), id)))
                        .toList())
                .build();
    }

    private String zone(TagResourceType type, String id) {
        if (type != TagResourceType.HOSTEDZONE) {
            throw error(501, "NotImplemented", "the twin has no health checks");
        }
        return zones.seen(bare(id)).id();
    }

    private ResourceTagSet tags(String id) {
        return TwinTags.show(
                        zones.tags(id),
                        ResourceTagSet.builder()
                                .resourceType(TagResourceType.HOSTEDZONE)
                                .resourceId(id))
                .build();
    }

    @Override
    public List<TwinItem> inventory() {
        return Stream.concat(
                        zones.items().stream(),
                        records.entrySet().stream()
                                .flatMap(zone ->
                                        zone.getValue().keySet().stream().map(set -> item(zone.getKey(), set))))
                .toList();
    }

    private static TwinItem item(String zone, ResourceRecordSet set) {
        String id = zone + "/" + set.name() + "/" + set.typeAsString()
                + (set.setIdentifier() == null ? "" : "/" + set.setIdentifier());
        return new TwinItem("route53:recordset", id, id, Map.of(), set.toString());
    }
}
