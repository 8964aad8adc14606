package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** One reading of the revisions of the task definitions that are asked about. */
final class Revisions {
    private static final TaskDefinitionKind.Spec NOTHING =
            new TaskDefinitionKind.Spec(null, null, null, null, null, null, null, null, null, null, null, null);

    private final Scope<TaskDefinitionKind.Spec> scope;
    private final EcsClient ecs;

    /** What may change of a revision: whether it is still registered, and its tags. */
    private record Standing(boolean active, Map<String, String> tags) {}

    private record Content(TaskDefinition definition, TaskDefinitionKind.Spec spec) {}

    Revisions(Scope<TaskDefinitionKind.Spec> scope) {
        this.scope = scope;
        this.ecs = scope.client(EcsClient.class);
    }

    List<Observation<TaskDefinitionKind.Spec>> observe() {
        Map<String, @Nullable ResourceId> candidates = candidates();
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
        Map<String, @Nullable ResourceId> candidates = new LinkedHashMap<>();
        List<Wanted<TaskDefinitionKind.Spec>> unrecorded = scope.wanted().stream()
                .filter(w -> w.physicalId() == null || scope.sweep())
                .toList();
        List<List<String>> listed = scope.parallel(unrecorded, this::registered);
        for (int i = 0; i < unrecorded.size(); i++) {
            ResourceId id = unrecorded.get(i).id();
            listed.get(i).forEach(arn -> candidates.put(arn, id));
        }
        for (Wanted<TaskDefinitionKind.Spec> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                candidates.put(wanted.physicalId(), wanted.id());
            }
        }
        if (scope.sweep()) {
            scope.tagged("ecs:task-definition").forEach((arn, tags) -> {
                if (scope.stack().owner().equals(tags.get(StackRef.STACK_TAG))) {
                    candidates.putIfAbsent(arn, null);
                }
            });
        }
        return candidates;
    }

    /** {@code familyPrefix} is the whole name of a family, whatever it is called. */
    private List<String> registered(Wanted<TaskDefinitionKind.Spec> wanted) {
        String family = wanted.physicalName() != null ? wanted.physicalName() : family(wanted.physicalId());
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

    private static @Nullable String family(@Nullable String arn) {
        String revision = Ecs.nameOf(arn);
        return revision == null || revision.lastIndexOf(':') < 0
                ? null
                : revision.substring(0, revision.lastIndexOf(':'));
    }

    /** A family may be shared with others, who are not in the way: only what is ours, or is recorded as ours, counts. */
    private boolean counts(Observation<TaskDefinitionKind.Spec> observation) {
        return switch (observation) {
            case Observation.Unknown<TaskDefinitionKind.Spec> unknown -> true;
            case Known<TaskDefinitionKind.Spec> known ->
                known.phase() != Phase.Deleting
                        && (Ecs.ours(scope, known.identity().tags())
                                || scope.wanted().stream()
                                        .anyMatch(w ->
                                                known.identity().physicalId().equals(w.physicalId())));
        };
    }

    private Known<TaskDefinitionKind.Spec> observed(String arn) {
        Answer answer = new Answer(arn);
        Standing standing = scope.confirming() ? answer.standing() : scope.slow(arn, "status", answer::standing);
        Identity identity = Identity.of(arn).tagged(standing.tags());
        if (!standing.active()) {
            return Known.of(identity, NOTHING).phase(Phase.Deleting);
        }
        Content content = scope.confirming() ? answer.content() : scope.forever(arn, answer::content);
        return TaskDefinitionKind.known(
                identity.named(content.definition().family()), content.definition(), content.spec(), standing.tags());
    }

    /** DescribeTaskDefinition's answer, asked for at most once, and only if it is needed. */
    private final class Answer {
        private final String arn;
        private @Nullable DescribeTaskDefinitionResponse response;

        Answer(String arn) {
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
        Standing standing() {
            try {
                DescribeTaskDefinitionResponse answer = get();
                return new Standing(
                        answer.taskDefinition().status() == TaskDefinitionStatus.ACTIVE,
                        answer.tags().stream().collect(Collectors.toUnmodifiableMap(Tag::key, Tag::value)));
            } catch (ClientException e) {
                if (String.valueOf(e.getMessage()).contains("Unable to describe task definition")) {
                    return new Standing(false, Map.of());
                }
                throw e;
            }
        }

        Content content() {
            TaskDefinition definition = get().taskDefinition();
            return new Content(definition, TaskDefinitionKind.spec(definition));
        }
    }
}
