package dev.holdfast.kinds.route53;

import dev.holdfast.kind.Absent;
import dev.holdfast.kind.Listings;
import dev.holdfast.kind.ReadItem;
import dev.holdfast.kind.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** A record set with the id of its zone, which AWS's shape lacks. The detail of the recipe supplies the members. */
record ZoneRecord(String zone, ResourceRecordSet set) implements ReadItem {
    private static final int PAGE = 300;
    /**
     * The largest number of record sets that are read one by one from a zone with more than one page of record sets.
     */
    private static final int FEW = 10;

    private static final Pattern ID = Pattern.compile("([^/]+)/(.+?\\.)/([A-Z]+)(?:/(.*))?");

    /**
     * {@code Z0123/www.example.com./A}, followed by the set identifier if several record sets share a name and type.
     */
    static String id(String zone, String name, String type, @Nullable String setIdentifier) {
        return zone + "/" + name + "/" + type
                + (setIdentifier == null || setIdentifier.isEmpty() ? "" : "/" + setIdentifier);
    }

    String id() {
        String name = Listings.required(set.name(), "a RecordSet without its name");
        String type = Listings.required(set.typeAsString(), "a RecordSet without its type");
        return id(zone, DnsNames.canonical(name), type, set.setIdentifier());
    }

    /** The wanted record sets, read zone by zone. */
    static Collection<ZoneRecord> wanted(Scope<?> scope, Route53Client dns) {
        Set<String> ids = Listings.idsAndNames(scope);
        Map<String, Set<String>> byZone = new TreeMap<>();
        ids.forEach(id -> byZone.computeIfAbsent(id.substring(0, id.indexOf('/')), zone -> new TreeSet<>())
                .add(id));
        return Listings.inParallel(
                        scope,
                        byZone.entrySet(),
                        zone -> scope.confirming()
                                ? each(scope, dns, zone.getValue())
                                : of(scope, dns, zone.getKey(), zone.getValue()))
                .stream()
                .filter(record -> ids.contains(record.id()))
                .toList();
    }

    private static List<ZoneRecord> of(Scope<?> scope, Route53Client dns, String zone, Set<String> ids) {
        ListResourceRecordSetsResponse first = Absent.when(NoSuchHostedZoneException.class)
                .orNull(() ->
                        dns.listResourceRecordSets(r -> r.hostedZoneId(zone).maxItems(String.valueOf(PAGE))));
        if (first == null) {
            return List.of();
        }
        List<ZoneRecord> all = new ArrayList<>();
        first.resourceRecordSets().forEach(set -> all.add(new ZoneRecord(zone, set)));
        if (Boolean.TRUE.equals(first.isTruncated())) {
            Set<String> others = new TreeSet<>(ids);
            all.forEach(record -> others.remove(record.id()));
            if (others.size() <= FEW) {
                all.addAll(each(scope, dns, others));
            } else {
                dns.listResourceRecordSetsPaginator(r -> r.hostedZoneId(zone)
                                .maxItems(String.valueOf(PAGE))
                                .startRecordName(first.nextRecordName())
                                .startRecordType(first.nextRecordType())
                                .startRecordIdentifier(first.nextRecordIdentifier()))
                        .resourceRecordSets()
                        .forEach(set -> all.add(new ZoneRecord(zone, set)));
            }
        }
        return all;
    }

    private static List<ZoneRecord> each(Scope<?> scope, Route53Client dns, Collection<String> ids) {
        return Listings.inParallel(scope, ids, id -> one(dns, id));
    }

    /** The record set with that id, or none. The list begins at the first record set that is not less than the id. */
    static List<ZoneRecord> one(Route53Client dns, String id) {
        Matcher parts = ID.matcher(id);
        if (!parts.matches()) {
            return List.of();
        }
        String zone = parts.group(1);
        return Absent.or(
                        List.<ResourceRecordSet>of(),
                        NoSuchHostedZoneException.class,
                        () -> dns.listResourceRecordSets(r -> r.hostedZoneId(zone)
                                        .startRecordName(parts.group(2))
                                        .startRecordType(parts.group(3))
                                        .startRecordIdentifier(parts.group(4))
                                        .maxItems("1"))
                                .resourceRecordSets())
                .stream()
                .map(set -> new ZoneRecord(zone, set))
                .filter(record -> record.id().equals(Objects.requireNonNull(id)))
                .toList();
    }
}
