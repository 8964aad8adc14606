package dev.holdfast.kinds.route53;

import static dev.holdfast.kind.OwnershipForm.RECORD;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.route53.model.ResourceRecordSetFailover;
import software.amazon.awssdk.services.route53.model.ResourceRecordSetRegion;

/**
 * A record set of a hosted zone. It has no tags, and zones are shared, so that only the state records its ownership. A
 * record set without such a record belongs to another owner, and is neither overwritten nor deleted. Each change is a
 * separate batch, because Route 53 rejects a whole batch for one invalid record, unless Route 53 accepts changes only
 * together.
 */
@Singleton
public final class RecordSetKind extends DeclaredKind<RecordSetKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html">ResourceRecordSet</a> */
    @OneOf({"resourceRecords", "aliasTarget"})
    public record Spec(
            @Doc("The id of the hosted zone.") @Required @Immutable @Ref("HostedZone")
            String hostedZoneId,

            @Doc("The full name, such as www.example.com; * as the first label matches every name.")
            @Required
            @Immutable
            String name,

            @Doc("The type of the records. A change of the type deletes the old record set and creates the new one in"
                    + " one call, so that the name always has an answer.")
            @Required
            @Immutable
            @Offers({
                "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SPF", "SRV", "SSHFP", "SVCB",
                "TLSA", "TXT"
            })
            RRType type,

            @Doc("The time that resolvers may cache the answer, in seconds.") @Range(min = 0, max = 2147483647)
            Long ttl,

            @Doc("The values in Route 53's format for the type; the quotes of TXT values may be"
                    + " omitted, and a longer text is cut into strings of 255 bytes.")
            @Needs("ttl")
            @ReadFrom("resourceRecords.value")
            Set<String> resourceRecords,

            @Doc("The AWS resource that answers, instead of values.") @Excludes({"ttl", "resourceRecords"})
            AliasTarget aliasTarget,

            @Doc("The id that distinguishes record sets of one name and type, from which a routing policy selects."
                    + " Without it, the record set is the only one of its name and type.")
            @Immutable
            @EmptyIsNone
            String setIdentifier,

            @Doc("Weighted routing: the weight of this record set, 0 to 255.")
            @Range(min = 0, max = 255)
            @Excludes({
                "region",
                "failover",
                "geoLocation",
                "geoProximityLocation",
                "cidrRoutingConfig",
                "multiValueAnswer"
            })
            Long weight,

            @Doc("Latency routing: the AWS region of the resource.")
            @Excludes({"failover", "geoLocation", "geoProximityLocation", "cidrRoutingConfig", "multiValueAnswer"})
            ResourceRecordSetRegion region,

            @Doc("Failover routing: PRIMARY or SECONDARY.")
            @Excludes({"geoLocation", "geoProximityLocation", "cidrRoutingConfig", "multiValueAnswer"})
            ResourceRecordSetFailover failover,

            @Doc("Geolocation routing: the origin of the DNS query.")
            @Excludes({"geoProximityLocation", "cidrRoutingConfig", "multiValueAnswer"})
            GeoLocation geoLocation,

            @Doc("Geoproximity routing: the location of the resource.")
            @Excludes({"cidrRoutingConfig", "multiValueAnswer"})
            GeoProximityLocation geoProximityLocation,

            @Doc("IP-based routing: the block of addresses from which the DNS query comes.")
            @Excludes("multiValueAnswer")
            CidrRoutingConfig cidrRoutingConfig,

            @Doc("Multivalue answer routing: this record set is one of up to eight answers.")
            Boolean multiValueAnswer,

            @Doc("The id of a health check; while it fails, the record set is not returned.") @EmptyIsNone
            String healthCheckId) {
        public Spec {
            name = Values.normal(name, DnsNames::canonical);
            setIdentifier = setIdentifier == null ? "" : setIdentifier;
            if (resourceRecords != null && type != null) {
                Set<String> values = new TreeSet<>();
                RRType of = type;
                resourceRecords.forEach(v -> values.add(Unresolved.is(v) ? v : DnsNames.value(of, v)));
                resourceRecords = Set.copyOf(values);
            }
        }

        @Nullable
        String id() {
            return hostedZoneId == null || name == null || type == null
                    ? null
                    : ZoneRecord.id(hostedZoneId, name, type.toString(), setIdentifier);
        }
    }

    /** @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html">AliasTarget</a> */
    public record AliasTarget(
            @Doc("The id of the zone of the resource: a load balancer's canonicalHostedZoneId, Z2FDTNDATAQYW2 for"
                    + " CloudFront, or the zone of this record set.")
            @Required
            String hostedZoneId,

            @Doc("The host name of the resource.") @Required String dnsName,

            @Doc("Whether the answer depends on the health of the resource; must be false for CloudFront.") @Required
            Boolean evaluateTargetHealth) {
        public AliasTarget {
            dnsName = Values.normal(dnsName, DnsNames::canonical);
        }
    }

    /** A continent, or a country and optionally a state. */
    @OneOf({"continentCode", "countryCode"})
    public record GeoLocation(
            @Doc("The continent: AF, AN, AS, EU, OC, NA or SA.")
            String continentCode,

            @Doc("The two-letter code of the country; * for locations that match no other record set.")
            String countryCode,

            @Doc("The code of a state of the United States or Ukraine, or of a province of Canada.")
            @Needs("countryCode")
            String subdivisionCode) {}

    /** An AWS region, a local zone group, or coordinates. */
    @OneOf({"awsRegion", "localZoneGroup", "coordinates"})
    public record GeoProximityLocation(
            @Doc("The AWS region.") String awsRegion,
            @Doc("The group of AWS local zones.") String localZoneGroup,
            @Doc("The latitude and longitude.") Coordinates coordinates,

            @Doc("The bias that makes the area of this location larger or smaller, -99 to 99.")
            @Range(min = -99, max = 99)
            Integer bias) {
        public GeoProximityLocation {
            bias = bias == null ? 0 : bias;
        }
    }

    /** Degrees, with up to two digits after the point. */
    public record Coordinates(
            @Doc("Degrees north, -90 to 90.") @Required String latitude,
            @Doc("Degrees east, -180 to 180.") @Required String longitude) {}

    /** A block of a collection of CIDR blocks. */
    public record CidrRoutingConfig(
            @Doc("The id of the collection.") @Required String collectionId,

            @Doc("The location in the collection; * for all other addresses.") @Required
            String locationName) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("RecordSet", Spec.class, Route53Client.class, RECORD)
                .description("A record set of a hosted zone: the DNS records of one name and type.")
                .finds(ZoneRecord::wanted)
                .named(ZoneRecord::id)
                .reads(Spec::hostedZoneId, ZoneRecord::zone)
                .detail((scope, dns, record) -> record.set())
                .creates((dns, desired, token, none) -> {
                    Spec spec = desired.spec();
                    send(dns, zone(spec), List.of(change(ChangeAction.CREATE, shape(spec))));
                    return Objects.requireNonNull(spec.id());
                })
                .rewrites(
                        ResourceRecordSet.builder(),
                        (dns, change) -> send(dns, zone(change.spec()), List.of(put(dns, change))))
                // Route 53 deletes a record set only if the request repeats all of its observed values.
                .deletesObserved((dns, observed) -> ZoneRecord.one(dns, observed.physicalId())
                        .forEach(
                                record -> send(dns, record.zone(), List.of(change(ChangeAction.DELETE, record.set())))))
                .output(
                        "name",
                        "The full name, with a dot at its end.",
                        r -> DnsNames.canonical(r.set().name()))
                .info(info -> info.global().key(Spec::id).together(Spec::hostedZoneId, Spec::name, Spec::type))
                .leavesOut(
                        "trafficPolicyInstanceId",
                        "Route 53 sets this member on the records that a traffic policy creates")
                .fault("InvalidChangeBatch", "but it already exists", EXISTS)
                .fault("InvalidChangeBatch", "is not permitted", CONFLICT)
                // Another record set of the stack leaves the name, the policy or the region in the same pass.
                .fault("InvalidChangeBatch", "cannot be created", CONFLICT)
                .fault("InvalidChangeBatch", "do not match the current values", CONFLICT)
                .fault("InvalidChangeBatch", "but it was not found", CONFLICT)
                // The target of an alias may be a record set that another step is creating.
                .fault("InvalidChangeBatch", "but that target was not found", DEPENDENCY)
                .fault("NoSuchHostedZone", DEPENDENCY)
                .permissions(Permissions.on("route53:::hostedzone/*")
                        .touches("route53:ChangeResourceRecordSets", "route53:::hostedzone/*"))
                .page("https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html");
    }

    private static ResourceRecordSet shape(Spec spec) {
        return Wire.fill(ResourceRecordSet.builder(), spec).build();
    }

    private static Change change(ChangeAction action, ResourceRecordSet set) {
        return Change.builder().action(action).resourceRecordSet(set).build();
    }

    private static void send(Route53Client dns, String zone, List<Change> batch) {
        dns.changeResourceRecordSets(r -> r.hostedZoneId(zone).changeBatch(b -> b.changes(batch)));
    }

    private static String zone(Spec spec) {
        return Objects.requireNonNull(spec.hostedZoneId());
    }

    /**
     * Writes the changes over the record set as read again. If it was deleted meanwhile, CREATE avoids that a record
     * set that another principal creates now is overwritten.
     */
    private static Change put(Route53Client dns, dev.holdfast.kind.Change<Spec> change) {
        List<ZoneRecord> now = ZoneRecord.one(dns, change.physicalId());
        Spec spec = change.spec();
        if (now.isEmpty()) {
            return change(ChangeAction.CREATE, shape(spec));
        }
        ResourceRecordSet there = now.getFirst().set();
        ResourceRecordSet.Builder changed = there.toBuilder();
        // Another principal may have replaced a member by one that Route 53 rejects together with it.
        Wire.fill(changed, there, spec, change.changed()::contains, false);
        Wire.overlay(changed, spec, change.changed()::contains);
        return change(ChangeAction.UPSERT, changed.build());
    }

    /**
     * The changes that Route 53 accepts only in one batch: another type or identifier of one name, another routing
     * policy, and another region or role, which another record set of the name may have now.
     *
     * @see
     *     <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html">Transactional changes</a>
     */
    @Override
    public boolean inOneCall(Spec desired, Spec observed) {
        return Objects.equals(observed.hostedZoneId(), desired.hostedZoneId())
                && Objects.equals(observed.name(), desired.name())
                && desired.type() != null
                && (desired.type() != observed.type()
                        || !Objects.equals(desired.setIdentifier(), observed.setIdentifier())
                        || RoutingPolicy.differs(desired, observed));
    }

    /** Route 53 carries out deletions before creations, and the whole batch or nothing. */
    @Override
    public List<String> exchange(List<dev.holdfast.kind.Change<Spec>> changes) {
        Route53Client dns = changes.getFirst().client(Route53Client.class);
        List<Change> batch = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (dev.holdfast.kind.Change<Spec> change : changes) {
            String id = Objects.requireNonNull(change.spec().id());
            ids.add(id);
            if (id.equals(change.physicalId())) {
                batch.add(put(dns, change));
            } else {
                ZoneRecord.one(dns, change.physicalId())
                        .forEach(old -> batch.add(change(ChangeAction.DELETE, old.set())));
                batch.add(change(ChangeAction.CREATE, shape(change.spec())));
            }
        }
        send(dns, zone(changes.getFirst().spec()), batch);
        return ids;
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean routed = findings.declares(Spec::weight)
                || findings.declares(Spec::region)
                || findings.declares(Spec::failover)
                || findings.declares(Spec::geoLocation)
                || findings.declares(Spec::geoProximityLocation)
                || findings.declares(Spec::cidrRoutingConfig)
                || Boolean.TRUE.equals(spec.multiValueAnswer());
        if (routed != findings.declares(Spec::setIdentifier)) {
            findings.wrong(
                    Spec::setIdentifier,
                    "Route 53 requires setIdentifier together with a routing policy (weight, region, failover,"
                            + " geoLocation, geoProximityLocation, cidrRoutingConfig or multiValueAnswer)",
                    routed ? "set setIdentifier" : "set one of these fields, or remove setIdentifier");
        }
        if (spec.resourceRecords() != null && spec.resourceRecords().isEmpty()) {
            findings.wrong(Spec::resourceRecords, "expected at least one value", "remove the RecordSet instead");
        }
        if (spec.type() == RRType.CNAME
                && spec.resourceRecords() != null
                && spec.resourceRecords().size() > 1) {
            findings.wrong(
                    Spec::resourceRecords,
                    "a CNAME can have only one value",
                    "use A and AAAA, or weighted record sets");
        }
    }
}
