package dev.holdfast.kinds.route53;

import static dev.holdfast.kind.OwnershipForm.RECORD;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.route53.model.ResourceRecordSetFailover;
import software.amazon.awssdk.services.route53.model.ResourceRecordSetRegion;

/**
 * A record set of a hosted zone. It has no tags, and zones are shared, so that only the state records its ownership. A
 * record set without such a record belongs to another owner, and is neither overwritten nor deleted. Each change is a
 * separate batch, because Route 53 rejects a whole batch for one invalid record.
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

            @Doc("The type of the records. A change from or to CNAME needs an approval and deletes the old record"
                    + " set first: the name has no answer until the new record set exists. For other types,"
                    + " the new record set is created first.")
            @Required
            @Immutable
            @Offers({
                "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SPF", "SRV", "SSHFP", "SVCB",
                "TLSA", "TXT"
            })
            RRType type,

            @Doc("The time that resolvers may cache the answer, in seconds.") @Range(min = 0, max = 2147483647)
            Long ttl,

            @Doc("The values in Route 53's format for the type; the quotes of TXT values may be omitted.")
            @Needs("ttl")
            @ReadFrom("resourceRecords.value")
            Set<String> resourceRecords,

            @Doc("The AWS resource that answers, instead of values.") @Excludes({"ttl", "resourceRecords"})
            AliasTarget aliasTarget,

            @Doc("The id that distinguishes record sets of one name and type, from which a routing policy selects.")
            @Immutable
            String setIdentifier,

            @Doc("Weighted routing: the weight of this record set, 0 to 255.") @Range(min = 0, max = 255)
            Long weight,

            @Doc("Latency routing: the AWS region of the resource.")
            ResourceRecordSetRegion region,

            @Doc("Failover routing: PRIMARY or SECONDARY.") ResourceRecordSetFailover failover,

            @Doc("Geolocation routing: the origin of the DNS query.")
            GeoLocation geoLocation,

            @Doc("Geoproximity routing: the location of the resource.")
            GeoProximityLocation geoProximityLocation,

            @Doc("IP-based routing: the block of addresses from which the DNS query comes.")
            CidrRoutingConfig cidrRoutingConfig,

            @Doc("Multivalue answer routing: this record set is one of up to eight answers.")
            Boolean multiValueAnswer,

            @Doc("The id of a health check; while it fails, the record set is not returned.")
            String healthCheckId) {
        public Spec {
            name = Values.normal(name, DnsNames::canonical);
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
                    change(dns, Objects.requireNonNull(spec.hostedZoneId()), ChangeAction.CREATE, shape(spec));
                    return Objects.requireNonNull(spec.id());
                })
                .rewrites(ResourceRecordSet.builder(), RecordSetKind::put)
                // Route 53 deletes a record set only if the request repeats all of its observed values.
                .deletesObserved((dns, observed) -> ZoneRecord.one(dns, observed.physicalId())
                        .forEach(record -> change(dns, record.zone(), ChangeAction.DELETE, record.set())))
                .output(
                        "name",
                        "The full name, with a dot at its end.",
                        r -> DnsNames.canonical(r.set().name()))
                .info(info -> info.global().key(Spec::id))
                .leavesOut(
                        "trafficPolicyInstanceId",
                        "Route 53 sets this member on the records that a traffic policy creates")
                .fault("InvalidChangeBatch", "but it already exists", EXISTS)
                .fault("InvalidChangeBatch", "is not permitted", CONFLICT)
                .fault("InvalidChangeBatch", "do not match the current values", CONFLICT)
                .fault("InvalidChangeBatch", "but it was not found", CONFLICT)
                .fault("PriorRequestNotComplete", CONFLICT)
                .fault("NoSuchHostedZone", DEPENDENCY)
                .permissions(Permissions.on("route53:::hostedzone/*")
                        .touches("route53:ChangeResourceRecordSets", "route53:::hostedzone/*"))
                .page("https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html");
    }

    private static ResourceRecordSet shape(Spec spec) {
        return Wire.fill(ResourceRecordSet.builder(), spec).build();
    }

    private static void change(Route53Client dns, String zone, ChangeAction action, ResourceRecordSet set) {
        dns.changeResourceRecordSets(r -> r.hostedZoneId(zone)
                .changeBatch(b -> b.changes(c -> c.action(action).resourceRecordSet(set))));
    }

    /**
     * Writes the changes over the record set as read again. If it was deleted meanwhile, CREATE avoids that a record
     * set that another principal creates now is overwritten.
     */
    private static void put(Route53Client dns, Change<Spec> change) {
        List<ZoneRecord> now = ZoneRecord.one(dns, change.physicalId());
        Spec spec = change.spec();
        if (now.isEmpty()) {
            change(dns, Objects.requireNonNull(spec.hostedZoneId()), ChangeAction.CREATE, shape(spec));
            return;
        }
        ResourceRecordSet.Builder changed = now.getFirst().set().toBuilder();
        // Route 53 rejects an alias together with values, and another principal may have replaced one by the other.
        if (spec.aliasTarget() != null) {
            changed.ttl(null).resourceRecords((Collection<ResourceRecord>) null);
        } else if (spec.resourceRecords() != null) {
            changed.aliasTarget((software.amazon.awssdk.services.route53.model.AliasTarget) null);
        }
        Wire.overlay(changed, spec, change.changed()::contains);
        change(dns, Objects.requireNonNull(spec.hostedZoneId()), ChangeAction.UPSERT, changed.build());
    }

    /**
     * A CNAME excludes other record sets of the same name. A record set without an identifier excludes others of the
     * same name and type.
     *
     * @see
     *     <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html">Record types</a>
     */
    @Override
    public boolean mustGoFirst(Spec desired, Spec observed) {
        boolean cname = (desired.type() == RRType.CNAME) != (observed.type() == RRType.CNAME);
        boolean simple = desired.type() == observed.type()
                && (desired.setIdentifier() == null) != (observed.setIdentifier() == null);
        return Objects.equals(observed.hostedZoneId(), desired.hostedZoneId())
                && Objects.equals(observed.name(), desired.name())
                && (cname || simple);
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
