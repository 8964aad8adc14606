package dev.holdfast.twin.ecs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The events that ECS sends to EventBridge.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html">Events of ECS</a>
 */
final class EcsEvents {
    private static final String SOURCE = "aws.ecs";

    private EcsEvents() {}

    /** @param name such as {@code SERVICE_DEPLOYMENT_COMPLETED} */
    static void deployment(ServiceState service, DeploymentState deployment, String name) {
        EventSink bus = service.context.peer(EventSink.class);
        if (bus.listening()) {
            ObjectNode detail = JsonNodeFactory.instance
                    .objectNode()
                    .put("eventType", name.endsWith("FAILED") ? "ERROR" : "INFO")
                    .put("eventName", name)
                    .put("clusterArn", cluster(service))
                    .put("deploymentId", deployment.id)
                    .put("updatedAt", deployment.updatedAt.toString())
                    .put("reason", deployment.reason);
            bus.send(new EventSink.ServiceEvent(
                    SOURCE, "ECS Deployment State Change", deployment.updatedAt, List.of(service.arn), detail));
        }
    }

    /** @param type either {@code INFO}, {@code WARN} or {@code ERROR} */
    static void action(ServiceState service, String type, String name, Instant at) {
        EventSink bus = service.context.peer(EventSink.class);
        if (bus.listening()) {
            ObjectNode detail = JsonNodeFactory.instance
                    .objectNode()
                    .put("eventType", type)
                    .put("eventName", name)
                    .put("clusterArn", cluster(service))
                    .put("createdAt", at.toString());
            bus.send(new EventSink.ServiceEvent(SOURCE, "ECS Service Action", at, List.of(service.arn), detail));
        }
    }

    static void task(ServiceState service, Task task, Instant at) {
        EventSink bus = service.context.peer(EventSink.class);
        if (!bus.listening()) {
            return;
        }
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("clusterArn", task.clusterArn())
                .put("createdAt", task.createdAt().toString())
                .put("desiredStatus", task.desiredStatus())
                .put("group", "service:" + service.name)
                .put("launchType", task.launchTypeAsString())
                .put("lastStatus", task.lastStatus())
                .put("startedBy", task.startedBy())
                .put("taskArn", task.taskArn())
                .put("taskDefinitionArn", task.taskDefinitionArn())
                .put("updatedAt", at.toString());
        if (task.stopCode() != null) {
            detail.put("stopCode", task.stopCodeAsString())
                    .put("stoppedReason", task.stoppedReason())
                    .put("stoppedAt", at.toString());
        }
        ArrayNode containers = detail.putArray("containers");
        for (Container container : task.containers()) {
            containers
                    .addObject()
                    .put("name", container.name())
                    .put("image", container.image())
                    .put("lastStatus", task.lastStatus())
                    .put("taskArn", task.taskArn());
        }
        bus.send(new EventSink.ServiceEvent(SOURCE, "ECS Task State Change", at, List.of(task.taskArn()), detail));
    }

    private static String cluster(ServiceState service) {
        return service.context.arn("ecs", "cluster/" + service.cluster);
    }

    /**
     * AWS Health's notice that Fargate will replace the tasks of services.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/prepare-task-retirement.html">Task retirement</a>
     */
    static void retirement(TwinContext context, List<ServiceState> services, Duration ahead) {
        String code = "AWS_ECS_TASK_PATCHING_RETIREMENT";
        Instant start = context.now().plus(ahead);
        List<String> entities =
                services.stream().map(s -> s.cluster + "|" + s.name).toList();
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put(
                        "eventArn",
                        "arn:aws:health:" + context.region() + "::event/ECS/" + code + "/" + code + "_"
                                + context.hex(8))
                .put("service", "ECS")
                .put("eventScopeCode", "ACCOUNT_SPECIFIC")
                .put("communicationId", context.hex(64))
                .put("lastUpdatedTime", http(context.now()))
                .put("eventRegion", context.region())
                .put("eventTypeCode", code)
                .put("eventTypeCategory", "scheduledChange")
                .put("startTime", http(start))
                .put("endTime", http(start.plus(Duration.ofDays(2))));
        detail.putArray("eventDescription")
                .addObject()
                .put("language", "en_US")
                .put(
                        "latestDescription",
                        "A software update has been deployed to Fargate. Your tasks running as part of the following ECS"
                                + " Services will be automatically updated beginning " + http(start) + ".");
        ArrayNode affected = detail.putArray("affectedEntities");
        entities.forEach(entity -> affected.addObject().put("entityValue", entity));
        detail.put("page", "1").put("totalPages", "1").put("affectedAccount", context.account());
        context.peer(EventSink.class)
                .send(new EventSink.ServiceEvent("aws.health", "AWS Health Event", context.now(), entities, detail));
    }

    private static String http(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }
}
