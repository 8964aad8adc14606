package dev.holdfast.kinds.route53;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The members that select the routing policy of a record set. Route 53 accepts one of them, the same one in all record
 * sets of a name and type, and most with another value in each of them.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html">Routing policies</a>
 */
final class RoutingPolicy {
    private RoutingPolicy() {}

    /** Whether the change may conflict with another record set of the name. Weights never conflict. */
    static boolean differs(RecordSetKind.Spec desired, RecordSetKind.Spec observed) {
        List<@Nullable Object> wanted = members(desired);
        return wanted.stream().anyMatch(Objects::nonNull) && !wanted.equals(members(observed));
    }

    private static List<@Nullable Object> members(RecordSetKind.Spec spec) {
        return Arrays.asList(
                spec.weight() == null ? null : true,
                spec.region(),
                spec.failover(),
                spec.geoLocation(),
                spec.geoProximityLocation(),
                spec.cidrRoutingConfig(),
                Boolean.TRUE.equals(spec.multiValueAnswer()) ? true : null);
    }
}
