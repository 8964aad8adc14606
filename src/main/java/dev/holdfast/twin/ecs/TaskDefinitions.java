package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinTags;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.*;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Task definitions: families of revisions, which are deregistered but stay. */
final class TaskDefinitions {
    private final TwinContext context;
    final ResourceStore<TaskDefinition, TaskDefinition.Builder> store;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    TaskDefinitions(TwinContext context) {
        this.context = context;
        this.store = context.store(TaskDefinition::builder, TaskDefinition::taskDefinitionArn)
                .type("ecs:task-definition")
                .pages(100)
                .detail(d -> d.shape().toBuilder().registeredAt(null).build().toString())
                .tagRules(EcsErrors::checkTags);
    }

    RegisterTaskDefinitionResponse register(RegisterTaskDefinitionRequest r) {
        TwinTags.put(new TreeMap<>(), TwinTags.in(r), EcsErrors::checkTags);
        TaskDefaults.check(r);
        int number = numbers.merge(r.family(), 1, Integer::sum);
        NetworkMode mode = r.networkMode() == null ? NetworkMode.BRIDGE : r.networkMode();
        TaskDefinition made = store.create(
                r,
                d -> d.taskDefinitionArn(context.arn("ecs", "task-definition/" + r.family() + ":" + number))
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
                        .registeredAt(context.now())
                        .registeredBy("arn:aws:iam::" + context.account() + ":root"));
        return TwinTags.show(
                        store.tags(made.taskDefinitionArn()),
                        RegisterTaskDefinitionResponse.builder().taskDefinition(made))
                .build();
    }

    /** @param named a family (its newest active revision), family:revision, or an ARN */
    @Nullable
    TaskDefinition find(@Nullable String named) {
        if (named == null) {
            return null;
        }
        String name = named.substring(named.lastIndexOf('/') + 1);
        return name.contains(":")
                ? store.get(context.arn("ecs", "task-definition/" + name))
                : store.stream()
                        .filter(d -> d.family().equals(name) && d.status() == TaskDefinitionStatus.ACTIVE)
                        .max(Comparator.comparing(TaskDefinition::revision))
                        .orElse(null);
    }

    DescribeTaskDefinitionResponse describe(DescribeTaskDefinitionRequest r) {
        TaskDefinition found = find(r.taskDefinition());
        if (found == null || !store.sees(found.taskDefinitionArn())) {
            throw EcsErrors.client("Unable to describe task definition.");
        }
        boolean tags = r.include().contains(TaskDefinitionField.TAGS);
        return TwinTags.show(
                        tags ? store.tags(found.taskDefinitionArn()) : Map.of(),
                        DescribeTaskDefinitionResponse.builder().taskDefinition(found))
                .build();
    }

    ListTaskDefinitionsResponse list(ListTaskDefinitionsRequest r) {
        TaskDefinitionStatus status = r.status() == null ? TaskDefinitionStatus.ACTIVE : r.status();
        Comparator<TaskDefinition> order =
                Comparator.comparing(TaskDefinition::family).thenComparing(TaskDefinition::revision);
        List<String> arns = store.visible()
                .filter(d -> d.status() == status
                        && (r.familyPrefix() == null || d.family().equals(r.familyPrefix())))
                .sorted(r.sort() == SortOrder.DESC ? order.reversed() : order)
                .map(TaskDefinition::taskDefinitionArn)
                .toList();
        return context.page(r, ListTaskDefinitionsResponse.builder(), arns, 100);
    }

    DeregisterTaskDefinitionResponse deregister(@Nullable String named) {
        if (named == null || !named.contains(":")) {
            throw EcsErrors.invalid("A revision must be specified.");
        }
        TaskDefinition found = find(named);
        if (found == null) {
            throw EcsErrors.client("The specified task definition does not exist.");
        }
        TaskDefinition gone = store.change(
                found.taskDefinitionArn(),
                d -> d.status(TaskDefinitionStatus.INACTIVE).deregisteredAt(context.now()));
        return DeregisterTaskDefinitionResponse.builder().taskDefinition(gone).build();
    }

    List<TwinItem> inventory() {
        return store.items().stream()
                .filter(item -> store.need(item.arn()).status() == TaskDefinitionStatus.ACTIVE)
                .toList();
    }
}
