package dev.holdfast.kinds.autoscaling;

import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableDimension;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/** Finds resources of Application Auto Scaling by the scalable targets that their specs name. */
final class Scaling {
    /** A Describe call accepts this many names or resource ids, and returns this many items in a page. */
    static final int PAGE = 50;

    static final String TARGETS = "application-autoscaling:{region}:{account}:scalable-target/*";

    /**
     * The condition keys by which an IAM policy may distinguish targets:
     * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_service-with-iam.html
     */
    private static final Map<String, String> KEYS = Map.of(
            "application-autoscaling:service-namespace", "serviceNamespace",
            "application-autoscaling:scalable-dimension", "scalableDimension");

    private static final Set<String> NAMING = Set.of("serviceNamespace", "resourceId", "scalableDimension");

    private Scaling() {}

    /**
     * Permissions for calls on scalable targets. Because targets have no ownership tags, the permissions are limited to
     * the namespaces and dimensions of the documents.
     */
    static Permissions permissions(String... actions) {
        Permissions all = Permissions.on(TARGETS);
        for (String action : actions) {
            all.touches(action, TARGETS);
        }
        KEYS.forEach((key, field) -> all.limited(key, field, actions));
        return all;
    }

    /** The parent and the faults of the kinds whose resources belong to a scalable target. */
    static <S extends Record & OnScalableTarget> void onTarget(KindInfo.Builder<S> info) {
        info.hangsAt("ScalableTarget", Scaling::idOf)
                .fault(FaultRule.of("ConcurrentUpdateException", CONFLICT))
                .fault(FaultRule.of("ObjectNotFoundException", "No scalable target registered", DEPENDENCY))
                .fault(FaultRule.of("ObjectNotFoundException", ABSENT));
    }

    /** A spec that names a scalable target. */
    interface OnScalableTarget {
        @Nullable
        ServiceNamespace serviceNamespace();

        @Nullable
        String resourceId();

        @Nullable
        ScalableDimension scalableDimension();

        /** Whether an item of AWS belongs to the target; a resource id that is not known yet matches all. */
        default boolean holds(SdkPojo item) {
            return text(item, "serviceNamespace").equals(String.valueOf(serviceNamespace()))
                    && text(item, "scalableDimension").equals(String.valueOf(scalableDimension()))
                    && Values.matches(resourceId(), text(item, "resourceId"));
        }
    }

    private static String text(SdkPojo item, String member) {
        return String.valueOf(SdkShapes.get(item, member));
    }

    /** The identifier of a target: {@code namespace/resource/dimension}. No call accepts the ARN of a target. */
    static String idOf(SdkPojo item) {
        return text(item, "serviceNamespace") + "/" + text(item, "resourceId") + "/" + text(item, "scalableDimension");
    }

    static String idOf(OnScalableTarget spec) {
        return spec.serviceNamespace() + "/" + spec.resourceId() + "/" + spec.scalableDimension();
    }

    /** Sets the target of a request. */
    static void name(SdkPojo request, Record onTarget) {
        Wire.fill(request, onTarget, NAMING::contains, false);
    }

    /** The name or the resource id that a Describe call requests. */
    record ScalingName(String namespace, String name) {}

    /** Reads the items of some names, or of some resources, in one namespace. */
    @FunctionalInterface
    interface Read<T> {
        Iterable<T> of(ApplicationAutoScalingClient client, String namespace, List<String> names);
    }

    /**
     * A listing by name in each namespace; a search reads whole namespaces.
     *
     * @param size the number of names that a call accepts
     * @param name the name or the resource id of a requested resource
     * @param recorded the name in a recorded physical id
     */
    static <T> Listing<ApplicationAutoScalingClient, T> byName(
            int size,
            Function<Wanted<?>, @Nullable String> name,
            Function<String, ScalingName> recorded,
            Read<T> read) {
        return (scope, client) -> {
            Set<ScalingName> asked = new LinkedHashSet<>();
            for (Wanted<?> wanted : scope.wanted()) {
                String known = name.apply(wanted);
                if (wanted.desired() instanceof OnScalableTarget on
                        && on.serviceNamespace() != null
                        && known != null
                        && !Unresolved.is(known)) {
                    asked.add(new ScalingName(on.serviceNamespace().toString(), known));
                }
                if (wanted.physicalId() != null) {
                    asked.add(recorded.apply(wanted.physicalId()));
                }
            }
            Map<String, List<String>> byNamespace = asked.stream()
                    .collect(groupingBy(ScalingName::namespace, TreeMap::new, mapping(ScalingName::name, toList())));
            List<T> all = new ArrayList<>();
            byNamespace.forEach((namespace, names) -> {
                if (scope.sweep()) {
                    read.of(client, namespace, List.of()).forEach(all::add);
                } else {
                    all.addAll(Listings.inBatches(scope, names, size, some -> read.of(client, namespace, some)));
                }
            });
            return all;
        };
    }
}
