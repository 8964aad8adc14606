package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.ecs.TaskDefinitionKind.Spec;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * Reads the revisions of the task definitions that a scope requests. The list of a family shows in one request that a
 * revision is registered, and which other revisions are.
 */
final class RevisionReader {
    private static final String TYPE = "ecs:task-definition";
    private static final Spec NOTHING =
            new Spec(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    private final Scope<Spec> scope;
    private final EcsClient ecs;
    /** The recorded resources by ARN: a stack has hundreds of revisions, and each is looked up several times. */
    private final Map<String, Wanted<Spec>> recorded = new HashMap<>();
    /** The revisions that the lists of the families contain in addition to the requested revisions. */
    private final Map<String, ResourceId> beside = Collections.synchronizedMap(new LinkedHashMap<>());

    private final List<Fault> unlisted = Collections.synchronizedList(new ArrayList<>());

    private record RevisionContent(TaskDefinition definition, Spec spec) {}

    RevisionReader(Scope<Spec> scope) {
        this.scope = scope;
        this.ecs = scope.client(EcsClient.class);
        for (Wanted<Spec> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                // A resource that is still desired has a spec, which a former resource lacks.
                recorded.merge(wanted.physicalId(), wanted, (a, b) -> a.desired() != null ? a : b);
            }
        }
    }

    List<Observation<Spec>> observe() {
        Map<String, @Nullable ResourceId> candidates = candidates();
        List<Observation<Spec>> all = new ArrayList<>(observed(candidates));
        Map<String, @Nullable ResourceId> further = new LinkedHashMap<>(beside);
        further.keySet().removeAll(candidates.keySet());
        all.addAll(observed(further));
        unlisted.forEach(fault -> all.add(new Observation.Unsearched<>(fault)));
        return all;
    }

    private List<Observation<Spec>> observed(Map<String, @Nullable ResourceId> candidates) {
        return scope
                .each(
                        candidates.keySet(),
                        arn -> Identity.of(arn).belongingTo(candidates.get(arn)),
                        (arn, identity) -> observed(arn))
                .stream()
                .filter(this::counts)
                .toList();
    }

    /** The revisions to read, by ARN. The resource is the one that a failed read covers; null if there is none. */
    private Map<String, @Nullable ResourceId> candidates() {
        Map<String, @Nullable ResourceId> candidates = new LinkedHashMap<>(registered(
                scope.wanted().stream().filter(w -> w.physicalId() == null).toList()));
        for (Wanted<Spec> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                candidates.put(wanted.physicalId(), wanted.id());
            }
        }
        if (scope.sweep()) {
            scope.tagged(TYPE).forEach((arn, tags) -> {
                if (scope.stack().owns(tags)) {
                    candidates.putIfAbsent(arn, null);
                }
            });
        }
        return candidates;
    }

    /** The active revisions of the families of these resources, by ARN. */
    private Map<String, ResourceId> registered(List<Wanted<Spec>> some) {
        Map<String, ResourceId> revisions = new LinkedHashMap<>();
        List<List<String>> listed = scope.parallel(some, this::registered);
        for (int i = 0; i < some.size(); i++) {
            ResourceId id = some.get(i).id();
            listed.get(i).forEach(arn -> revisions.put(arn, id));
        }
        return revisions;
    }

    /** ECS takes {@code familyPrefix} as the whole name of a family, in spite of its name. */
    private List<String> registered(Wanted<Spec> wanted) {
        String revision = Ecs.nameOf(wanted.physicalId());
        String family = wanted.physicalName() != null || revision == null || !revision.contains(":")
                ? wanted.physicalName()
                : revision.substring(0, revision.lastIndexOf(':'));
        return family == null
                ? List.of()
                : Listings.all(ecs.listTaskDefinitionsPaginator(r -> r.familyPrefix(family)
                                .status(TaskDefinitionStatus.ACTIVE)
                                .sort(SortOrder.DESC))
                        .taskDefinitionArns());
    }

    /** Other principals may share a family: only revisions that the stack owns or has recorded count. */
    private boolean counts(Observation<Spec> observation) {
        return switch (observation) {
            case Observation.Unknown<Spec> unknown -> true;
            case Observation.Attached<Spec> attached -> false;
            case Observation.Hanging<Spec> hanging -> false;
            case Observation.Unsearched<Spec> unsearched -> false;
            case Known<Spec> known ->
                known.phase() != Phase.Deleting
                        && (scope.stack().owns(known.identity().tags())
                                || recorded.containsKey(known.identity().physicalId()));
        };
    }

    private Known<Spec> observed(String arn) {
        DescribedRevision revision = new DescribedRevision(arn);
        boolean active = scope.confirming()
                ? revision.isActive()
                : scope.slow(arn, "status", () -> isListed(arn) || revision.isActive());
        if (!active) {
            return Known.of(Identity.of(arn), NOTHING).phase(Phase.Deleting);
        }
        Identity identity = Identity.of(arn)
                .tagged(
                        scope.confirming()
                                ? revision.tags()
                                : scope.tags(TYPE, arn, arn, desiredTags(arn), revision::tags));
        RevisionContent content =
                scope.confirming() ? revision.content() : scope.forever(arn, "content", revision::content);
        TaskDefinition definition = content.definition();
        return TaskDefinitionKind.known(identity.named(definition.family()), definition, content.spec());
    }

    /** Returns false if the list lags or its read is denied: the caller then reads the revision itself. */
    private boolean isListed(String arn) {
        Wanted<Spec> asked = recorded.get(arn);
        if (asked == null) {
            return false;
        }
        try {
            List<String> revisions = registered(asked);
            revisions.forEach(revision -> beside.put(revision, asked.id()));
            return revisions.contains(arn);
        } catch (SdkException e) {
            unlisted.add(Faults.classify(e, List.of()));
            return false;
        }
    }

    private @Nullable Map<String, String> desiredTags(String arn) {
        Wanted<Spec> asked = recorded.get(arn);
        return asked == null || asked.desired() == null ? null : asked.desired().tags();
    }

    /** The answer of DescribeTaskDefinition, requested at most once, and only if it is needed. */
    private final class DescribedRevision {
        private final String arn;
        private @Nullable DescribeTaskDefinitionResponse response;

        DescribedRevision(String arn) {
            this.arn = arn;
        }

        private DescribeTaskDefinitionResponse get() {
            if (response == null) {
                response = ecs.describeTaskDefinition(r -> r.taskDefinition(arn).include(TaskDefinitionField.TAGS));
            }
            return response;
        }

        /**
         * ECS has no special exception for a permanently deleted revision. It answers ClientException "Unable to
         * describe task definition.", and only in this case.
         */
        boolean isActive() {
            try {
                return get().taskDefinition().status() == TaskDefinitionStatus.ACTIVE;
            } catch (ClientException e) {
                if (String.valueOf(e.getMessage()).contains("Unable to describe task definition")) {
                    return false;
                }
                throw e;
            }
        }

        Map<String, String> tags() {
            return SdkShapes.map(get().tags());
        }

        RevisionContent content() {
            TaskDefinition definition = get().taskDefinition();
            // The content is kept for ever, and other resources refer to the ARN.
            Listings.required(definition.taskDefinitionArn(), "a TaskDefinition without its ARN");
            return new RevisionContent(definition, Wire.read(Spec.class, definition));
        }
    }
}
