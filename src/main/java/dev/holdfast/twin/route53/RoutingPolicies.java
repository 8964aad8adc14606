package dev.holdfast.twin.route53;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * Record sets of one name and type have the same routing policy, and each of them another region, location or role.
 *
 * @see <a href="https://github.com/kubernetes-sigs/external-dns/issues/1411">A mix of policies</a>
 * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/1668">Two sets of one region</a>
 */
final class RoutingPolicies {
    private RoutingPolicies() {}

    /** The routing policies of the set, of which Route 53 accepts one. */
    static List<String> of(ResourceRecordSet set) {
        List<String> policies = new ArrayList<>();
        add(policies, "weighted", set.weight());
        add(policies, "latency", set.region());
        add(policies, "failover", set.failover());
        add(policies, "geolocation", set.geoLocation());
        add(policies, "geoproximity", set.geoProximityLocation());
        add(policies, "cidr", set.cidrRoutingConfig());
        add(policies, "multivalue", Boolean.TRUE.equals(set.multiValueAnswer()) ? true : null);
        return policies;
    }

    private static void add(List<String> policies, String policy, @Nullable Object member) {
        if (member != null) {
            policies.add(policy);
        }
    }

    /** The reason why Route 53 refuses two sets of one name and type. */
    static Optional<String> conflict(ResourceRecordSet set, ResourceRecordSet other) {
        String named = "RRSet with DNS name " + set.name() + ", type " + set.typeAsString() + ", SetIdentifier "
                + set.setIdentifier();
        if (!of(set).equals(of(other))) {
            return Optional.of(named + " cannot be created as a non-" + String.join(", ", of(set))
                    + " set exists with the same name and type.");
        }
        Object place = place(set);
        return place != null && place.equals(place(other))
                ? Optional.of(named + ", and " + place + " cannot be created because a "
                        + String.join(", ", of(set)) + " RRSet with the same name, type and "
                        + (set.region() == null ? "location" : "region") + " already exists.")
                : Optional.empty();
    }

    private static @Nullable Object place(ResourceRecordSet set) {
        return set.region() != null
                ? set.regionAsString()
                : set.failover() != null
                        ? set.failoverAsString()
                        : set.geoLocation() != null ? set.geoLocation() : set.cidrRoutingConfig();
    }
}
