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
 * Reads the revisions of the task definitions that are asked about. The list of a family tells in one request that a revision is
 * registered, and which others are.
 */
final class RevisionReader {
    private static final String TYPE = "ecs:task-definition";
    private static final Spec NOTHING =
            new Spec(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    private final Scope<Spec> scope;
    private final EcsClient ecs;
    /** What is recorded, by ARN: a stack has hundreds of revisions, and each is asked for several times. */
    private final Map<String, Wanted<Spec>> recorded = new HashMap<>();
    /** What the families were found to have beside the revisions that are asked about. */
    private final Map<String, ResourceId> beside = Collections.synchronizedMap(new LinkedHashMap<>());

    private final List<Fault> unlisted = Collections.synchronizedList(new ArrayList<>());

    private record RevisionContent(TaskDefinition definition, Spec spec) {}

    RevisionReader(Scope<Spec> scope) {
        this.scope = scope;
        this.ecs = scope.client(EcsClient.class);
        for (Wanted<Spec> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                // One that is desired says more of the revision than one that was.
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

    /** By ARN; the resource only where a failed read is to be told which one it covers. */
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

    /** The revisions of these resources' families that are not deregistered, by ARN. */
    private Map<String, ResourceId> registered(List<Wanted<Spec>> some) {
        Map<String, ResourceId> revisions = new LinkedHashMap<>();
        List<List<String>> listed = scope.parallel(some, this::registered);
        for (int i = 0; i < some.size(); i++) {
            ResourceId id = some.get(i).id();
            listed.get(i).forEach(arn -> revisions.put(arn, id));
        }
        return revisions;
    }

    /** {@code familyPrefix} is the whole name of a family, whatever it is called. */
    private List<String> registered(Wanted<Spec> wanted) {
        String revision = Ecs.nameOf(wanted.physicalId());
        String family = wanted.physicalName() != null || revision == null || !revision.contains(":")
                ? wanted.physicalName()
                : revision.substring(0, revision.lastIndexOf(':'));
        return family == null
                ? List.of()
                : ecs
                        .listTaskDefinitionsPaginator(r -> r.familyPrefix(family)
                                .status(TaskDefinitionStatus.ACTIVE)
                                .sort(SortOrder.DESC))
                        .taskDefinitionArns()
                        .stream()
                        .toList();
    }

    /** A family may be shared with others, who are not in the way: only what is ours, or is recorded as ours, counts. */
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

    /** The list may lag behind a revision, and it may be denied: then the revision itself is asked. */
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

    /** The answer of DescribeTaskDefinition, asked for at most once, and only if it is needed. */
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
         * ECS has no exception of its own for a revision that was deleted for good: it answers ClientException "Unable to
         * describe task definition.", and so does it for nothing else.
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
            // It is kept for ever, and others refer to the ARN.
            Listings.required(definition.taskDefinitionArn(), "a TaskDefinition without its ARN");
            return new RevisionContent(definition, Wire.read(Spec.class, definition));
        }
    }
}
