package dev.holdfast.twin.route53;

import static dev.holdfast.twin.store.TwinErrors.refused;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.model.AliasTarget;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * One batch of changes to a zone. Route 53 applies all of them or none.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html">ChangeResourceRecordSets</a>
 */
final class RecordChanges {
    private static final int MOST_RECORDS = 1000;
    private static final int MOST_CHARACTERS = 32_000;
    private static final int LONGEST_STRING = 255;
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s+\"(?:[^\"\\\\]|\\\\.)*\")*");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern ESCAPED = Pattern.compile("\\\\(?:[0-7]{3}|.)");

    private final String zone;
    private final String zoneId;
    private final TreeMap<ResourceRecordSet, Instant> after;
    private final Instant now;
    private final List<String> wrong = new ArrayList<>();

    RecordChanges(String zone, String zoneId, TreeMap<ResourceRecordSet, Instant> before, Instant now) {
        this.zone = zone;
        this.zoneId = zoneId;
        this.after = new TreeMap<>(before);
        this.now = now;
    }

    /** The records after the batch. */
    TreeMap<ResourceRecordSet, Instant> apply(List<Change> changes) {
        size(changes);
        // Route 53 applies deletions before creations, in whatever order the batch lists them.
        changes.stream().filter(c -> c.action() == ChangeAction.DELETE).forEach(c -> delete(shown(c)));
        changes.stream().filter(c -> c.action() == ChangeAction.CREATE).forEach(c -> create(shown(c)));
        changes.stream().filter(c -> c.action() == ChangeAction.UPSERT).forEach(c -> put(shown(c)));
        after.keySet().forEach(this::conflicts);
        if (!wrong.isEmpty()) {
            throw refused("InvalidChangeBatch", "[" + String.join(", ", wrong) + "]");
        }
        return after;
    }

    private static void size(List<Change> changes) {
        int records = 0;
        int characters = 0;
        for (Change change : changes) {
            int times = change.action() == ChangeAction.UPSERT ? 2 : 1;
            for (ResourceRecord record : change.resourceRecordSet().resourceRecords()) {
                records += times;
                characters += times * record.value().length();
            }
        }
        if (records > MOST_RECORDS || characters > MOST_CHARACTERS) {
            throw refused(
                    "InvalidChangeBatch",
                    "Number of records limit of " + MOST_RECORDS + " or of characters of " + MOST_CHARACTERS
                            + " exceeded.");
        }
    }

    private static ResourceRecordSet shown(Change change) {
        ResourceRecordSet set = change.resourceRecordSet();
        ResourceRecordSet.Builder shown = set.toBuilder().name(RecordNames.shown(set.name()));
        AliasTarget alias = set.aliasTarget();
        if (alias != null) {
            shown.aliasTarget(a -> a.hostedZoneId(alias.hostedZoneId())
                    .evaluateTargetHealth(alias.evaluateTargetHealth())
                    .dnsName(RecordNames.shown(alias.dnsName())));
        }
        return shown.build();
    }

    private static String named(ResourceRecordSet set) {
        String identifier = set.setIdentifier() == null ? "" : ", set identifier='" + set.setIdentifier() + "'";
        return "resource record set [name='" + set.name() + "', type='" + set.typeAsString() + "'" + identifier + "]";
    }

    private void delete(ResourceRecordSet set) {
        ResourceRecordSet there = there(set);
        if (there == null) {
            wrong.add("Tried to delete " + named(set) + " but it was not found");
        } else if (isOfZone(there)) {
            wrong.add(
                    "A HostedZone must contain exactly one SOA record, and at least one NS record for the zone itself.");
        } else if (!there.equals(set)) {
            wrong.add("Tried to delete " + named(set) + " but the values provided do not match the current values");
        } else {
            after.remove(set);
        }
    }

    private boolean isOfZone(ResourceRecordSet set) {
        return set.name().equals(zone) && (set.type() == RRType.SOA || set.type() == RRType.NS);
    }

    private @Nullable ResourceRecordSet there(ResourceRecordSet set) {
        ResourceRecordSet there = after.ceilingKey(set);
        return there != null && RecordNames.ORDER.compare(there, set) == 0 ? there : null;
    }

    private void create(ResourceRecordSet set) {
        if (there(set) != null) {
            wrong.add("Tried to create " + named(set) + " but it already exists");
        } else {
            put(set);
        }
    }

    private void put(ResourceRecordSet set) {
        if (!set.name().equals(zone) && !set.name().endsWith("." + zone)) {
            wrong.add("RRSet with DNS name " + set.name() + " is not permitted in zone " + zone);
        }
        boolean alias = set.aliasTarget() != null;
        if (alias == !set.resourceRecords().isEmpty() || alias == (set.ttl() != null)) {
            wrong.add("Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or"
                    + " TrafficPolicyInstanceId], but found "
                    + (alias ? "more than one" : "none") + " in Change with [Action=CREATE, Name=" + set.name()
                    + ", Type=" + set.typeAsString() + ", SetIdentifier=" + set.setIdentifier() + "]");
        }
        List<String> policies = RoutingPolicies.of(set);
        if (policies.size() > 1 || policies.isEmpty() != (set.setIdentifier() == null)) {
            wrong.add("Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or"
                    + " MultiValueAnswer], but found " + (policies.isEmpty() ? "none" : policies)
                    + " in Change with [Name=" + set.name() + ", Type=" + set.typeAsString() + ", SetIdentifier="
                    + set.setIdentifier() + "]");
        }
        set.resourceRecords().forEach(record -> value(set.type(), record.value()));
        if (alias && set.aliasTarget().hostedZoneId().equals(zoneId)) {
            target(set.aliasTarget(), set.typeAsString());
        }
        // put() alone would keep the old key: the map's order compares names, types and identifiers, not values.
        after.remove(set);
        after.put(set, now);
    }

    private void target(AliasTarget alias, String type) {
        if (after.keySet().stream()
                .noneMatch(s -> s.name().equals(alias.dnsName())
                        && (s.typeAsString().equals(type) || s.type() == RRType.CNAME))) {
            wrong.add("Tried to create an alias that targets " + alias.dnsName() + ", type " + type + " in zone "
                    + zoneId + ", but that target was not found");
        }
    }

    private void value(RRType type, String value) {
        String fatal = switch (type) {
            case A ->
                IPV4.matcher(value).matches() ? null : "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)";
            case TXT, SPF -> text(value);
            default -> null;
        };
        if (fatal != null) {
            wrong.add("Invalid Resource Record: 'FATAL problem: " + fatal + " encountered with '" + value + "''");
        }
    }

    /** Characters outside of ASCII need escape codes, and one code is one byte of the string. */
    private static @Nullable String text(String value) {
        if (!QUOTED.matcher(value.strip()).matches()) {
            return "InvalidCharacterString (Value should be enclosed in quotation marks)";
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 127)) {
            return "UnsupportedCharacter (Value contains unsupported characters)";
        }
        boolean tooLong = STRING.matcher(value)
                .results()
                .anyMatch(part -> ESCAPED.matcher(part.group(1)).replaceAll("x").length() > LONGEST_STRING);
        return tooLong ? "CharacterStringTooLong (Value is too long)" : null;
    }

    /**
     * A CNAME must be the only record with its name, and not at the top of the zone. Several sets with one name and
     * type need identifiers.
     */
    private void conflicts(ResourceRecordSet set) {
        boolean cname = set.type() == RRType.CNAME;
        if (cname && set.name().equals(zone)) {
            wrong.add("RRSet of type CNAME with DNS name " + set.name() + " is not permitted at apex in zone " + zone);
        }
        for (ResourceRecordSet other : after.keySet()) {
            if (other == set || !other.name().equals(set.name())) {
                continue;
            }
            if (cname && other.type() != RRType.CNAME) {
                wrong.add("RRSet of type " + other.typeAsString() + " with DNS name " + set.name()
                        + " is not permitted because a conflicting RRSet of type CNAME with the same DNS name already"
                        + " exists in zone " + zone);
            }
            if (other.type() == set.type() && set.setIdentifier() == null) {
                wrong.add("RRSet with DNS name " + Objects.toString(set.name()) + ", type " + set.typeAsString()
                        + ", SetIdentifier " + other.setIdentifier()
                        + " cannot be created as a non multi-record RRSet with the same name and type already exists");
            } else if (other.type() == set.type() && other.setIdentifier() != null) {
                RoutingPolicies.conflict(set, other).ifPresent(wrong::add);
            }
        }
    }
}
