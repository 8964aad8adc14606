package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.TwinTags;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;

/** Task definitions: families of revisions. Reads still return a deregistered revision. */
interface TaskDefinitionCalls extends EcsClient {
    EcsState state();

    @Override
    default RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest r) {
        EcsState s = state();
        TwinTags.put(new TreeMap<>(), TwinTags.in(r), EcsErrors::checkTags);
        TaskDefaults.check(r);
        int number = s.revisionNumbers.merge(r.family(), 1, Integer::sum);
        NetworkMode mode = r.networkMode() == null ? NetworkMode.BRIDGE : r.networkMode();
        TaskDefinition made = s.definitions.create(
                r,
                d -> d.taskDefinitionArn(s.context.arn("ecs", "task-definition/" + r.family() + ":" + number))
                        .revision(number)
                        .status(TaskDefinitionStatus.ACTIVE)
                        .cpu(TaskDefaults.size(r.cpu(), "cpu"))
                        .memory(TaskDefaults.size(r.memory(), "memory"))
                        .requiresCompatibilities(List.copyOf(r.requiresCompatibilities()))
                        .compatibilities(
                                TaskDefaults.fargate(r)
                                        ? List.of(Compatibility.EC2, Compatibility.FARGATE)
                                        : List.of(Compatibility.EC2))
                        .volumes(List.copyOf(r.volumes()))
                        .placementConstraints(List.copyOf(r.placementConstraints()))
                        .requiresAttributes(List.of())
                        .containerDefinitions(r.containerDefinitions().stream()
                                .map(c -> TaskDefaults.filled(c, mode))
                                .toList())
                        .registeredAt(s.context.now())
                        .registeredBy("arn:aws:iam::" + s.context.account() + ":root"));
        return TwinTags.show(
                        s.definitions.tags(made.taskDefinitionArn()),
                        RegisterTaskDefinitionResponse.builder().taskDefinition(made))
                .build();
    }

    /** @param named a family (which selects its newest active revision), family:revision, or an ARN */
    @Nullable
    static TaskDefinition find(EcsState s, @Nullable String named) {
        if (named == null) {
            return null;
        }
        String name = named.substring(named.lastIndexOf('/') + 1);
        return name.contains(":")
                ? s.definitions.get(s.context.arn("ecs", "task-definition/" + name))
                : s.definitions.stream()
                        .filter(d -> d.family().equals(name) && d.status() == TaskDefinitionStatus.ACTIVE)
                        .max(Comparator.comparing(TaskDefinition::revision))
                        .orElse(null);
    }

    @Override
    default DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest r) {
        EcsState s = state();
        TaskDefinition found = find(s, r.taskDefinition());
        if (found == null || !s.definitions.sees(found.taskDefinitionArn())) {
            throw EcsErrors.client("Unable to describe task definition.");
        }
        boolean tags = r.include().contains(TaskDefinitionField.TAGS);
        return TwinTags.show(
                        tags ? s.definitions.tags(found.taskDefinitionArn()) : Map.of(),
                        DescribeTaskDefinitionResponse.builder().taskDefinition(found))
                .build();
    }

    @Override
    default ListTaskDefinitionsResponse listTaskDefinitions(ListTaskDefinitionsRequest r) {
        EcsState s = state();
        TaskDefinitionStatus status = r.status() == null ? TaskDefinitionStatus.ACTIVE : r.status();
        Comparator<TaskDefinition> order =
                Comparator.comparing(TaskDefinition::family).thenComparing(TaskDefinition::revision);
        List<String> arns = s.definitions
                .visible()
                .filter(d -> d.status() == status
                        && (r.familyPrefix() == null || d.family().equals(r.familyPrefix())))
                .sorted(r.sort() == SortOrder.DESC ? order.reversed() : order)
                .map(TaskDefinition::taskDefinitionArn)
                .toList();
        return s.context.page(r, ListTaskDefinitionsResponse.builder(), arns, 100);
    }

    @Override
    default DeregisterTaskDefinitionResponse deregisterTaskDefinition(DeregisterTaskDefinitionRequest r) {
        EcsState s = state();
        String named = r.taskDefinition();
        if (named == null || !named.contains(":")) {
            throw EcsErrors.invalid("A revision must be specified.");
        }
        TaskDefinition found = find(s, named);
        if (found == null) {
            throw EcsErrors.client("The specified task definition does not exist.");
        }
        TaskDefinition gone = s.definitions.change(
                found.taskDefinitionArn(),
                d -> d.status(TaskDefinitionStatus.INACTIVE).deregisteredAt(s.context.now()));
        return DeregisterTaskDefinitionResponse.builder().taskDefinition(gone).build();
    }
}
