package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Task definitions: families of revisions, which are deregistered but stay. */
final class TaskDefinitions {
    private static final int LISTED = 100;

    private final TwinContext context;
    private final EcsTags tags;
    private final TwinTable<TaskDefinition> revisions;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    TaskDefinitions(TwinContext context, EcsTags tags) {
        this.context = context;
        this.tags = tags;
        this.revisions = new TwinTable<>(context);
    }

    RegisterTaskDefinitionResponse register(RegisterTaskDefinitionRequest r) {
        EcsTags.check(r.tags());
        TaskDefaults.check(r);
        int number = numbers.merge(r.family(), 1, Integer::sum);
        String arn = context.arn("ecs", "task-definition/" + r.family() + ":" + number);
        NetworkMode mode = r.networkMode() == null ? NetworkMode.BRIDGE : r.networkMode();
        TaskDefinition definition = TaskDefinition.builder()
                .taskDefinitionArn(arn)
                .family(r.family())
                .revision(number)
                .status(TaskDefinitionStatus.ACTIVE)
                .cpu(TaskDefaults.size(r.cpu(), "cpu"))
                .memory(TaskDefaults.size(r.memory(), "memory"))
                .networkMode(r.networkMode())
                .requiresCompatibilities(List.copyOf(r.requiresCompatibilities()))
                .compatibilities(
                        TaskDefaults.fargate(r)
                                ? List.of(Compatibility.EC2, Compatibility.FARGATE)
                                : List.of(Compatibility.EC2))
                .executionRoleArn(r.executionRoleArn())
                .taskRoleArn(r.taskRoleArn())
                .runtimePlatform(r.runtimePlatform())
                .ephemeralStorage(r.ephemeralStorage())
                .volumes(List.copyOf(r.volumes()))
                .placementConstraints(List.copyOf(r.placementConstraints()))
                .requiresAttributes(List.of())
                .containerDefinitions(r.containerDefinitions().stream()
                        .map(c -> TaskDefaults.filled(c, mode))
                        .toList())
                .registeredAt(context.now())
                .registeredBy("arn:aws:iam::" + context.account() + ":root")
                .build();
        revisions.put(arn, definition);
        tags.set(arn, r.tags());
        return RegisterTaskDefinitionResponse.builder()
                .taskDefinition(definition)
                .tags(tags.of(arn))
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
                ? revisions.get(context.arn("ecs", "task-definition/" + name))
                : revisions.all().stream()
                        .filter(d -> d.family().equals(name) && d.status() == TaskDefinitionStatus.ACTIVE)
                        .max(Comparator.comparing(TaskDefinition::revision))
                        .orElse(null);
    }

    boolean exists(String arn) {
        return revisions.get(arn) != null;
    }

    DescribeTaskDefinitionResponse describe(DescribeTaskDefinitionRequest r) {
        TaskDefinition found = find(r.taskDefinition());
        if (found == null || revisions.visible(found.taskDefinitionArn()) == null) {
            throw EcsErrors.client("Unable to describe task definition.");
        }
        return DescribeTaskDefinitionResponse.builder()
                .taskDefinition(found)
                .tags(r.include().contains(TaskDefinitionField.TAGS) ? tags.of(found.taskDefinitionArn()) : List.of())
                .build();
    }

    ListTaskDefinitionsResponse list(ListTaskDefinitionsRequest r) {
        TaskDefinitionStatus status = r.status() == null ? TaskDefinitionStatus.ACTIVE : r.status();
        Comparator<TaskDefinition> order =
                Comparator.comparing(TaskDefinition::family).thenComparing(TaskDefinition::revision);
        List<String> arns = revisions.visible().stream()
                .filter(d -> d.status() == status
                        && (r.familyPrefix() == null || d.family().equals(r.familyPrefix())))
                .sorted(r.sort() == SortOrder.DESC ? order.reversed() : order)
                .map(TaskDefinition::taskDefinitionArn)
                .toList();
        var page = context.page(arns, r.nextToken(), LISTED, r.maxResults());
        return ListTaskDefinitionsResponse.builder()
                .taskDefinitionArns(page.items())
                .nextToken(page.next())
                .build();
    }

    DeregisterTaskDefinitionResponse deregister(@Nullable String named) {
        if (named == null || !named.contains(":")) {
            throw EcsErrors.invalid("A revision must be specified.");
        }
        TaskDefinition found = find(named);
        if (found == null) {
            throw EcsErrors.client("The specified task definition does not exist.");
        }
        TaskDefinition gone = found.toBuilder()
                .status(TaskDefinitionStatus.INACTIVE)
                .deregisteredAt(context.now())
                .build();
        revisions.put(gone.taskDefinitionArn(), gone);
        return DeregisterTaskDefinitionResponse.builder().taskDefinition(gone).build();
    }

    List<TwinItem> inventory() {
        List<TwinItem> items = new ArrayList<>();
        for (TaskDefinition d : revisions.all()) {
            if (d.status() == TaskDefinitionStatus.ACTIVE) {
                String arn = d.taskDefinitionArn();
                items.add(new TwinItem(
                        "ecs:task-definition",
                        d.family() + ":" + d.revision(),
                        arn,
                        tags.map(arn),
                        d.toBuilder().registeredAt(null).build().toString()));
            }
        }
        return items;
    }
}
