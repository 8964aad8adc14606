package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the security groups of a service's tasks admit the load balancer's traffic and health checks. Otherwise
 * the service rolls out, never becomes healthy and is rolled back. The check is skipped if one of the groups or its
 * rules is not declared in this stack.
 */
final class OpenPortCheck {
    private static final Set<String> TCP = Set.of("tcp", "6", "-1");

    private final Map<String, ResourceDraft> drafts;
    private final List<Problem> problems;

    OpenPortCheck(Collection<ResourceDraft> drafts, List<Problem> problems) {
        this.drafts = drafts.stream().collect(Collectors.toMap(d -> d.id().toString(), Function.identity()));
        this.problems = problems;
    }

    void check() {
        for (ResourceDraft draft : drafts.values()) {
            List<ResourceDraft> groups = draft.id().kind().equals("EcsService") ? groups(draft.spec()) : List.of();
            if (!groups.isEmpty() && draft.spec().get("loadBalancers") instanceof LocatedJson.Arr balancers) {
                for (LocatedJson balancer : balancers.elements()) {
                    if (balancer instanceof LocatedJson.Obj o) {
                        open(groups, o.get("containerPort"), "port");
                        ResourceDraft targets = drafts.get(StackCheck.target(o.get("targetGroupArn")));
                        open(
                                groups,
                                targets == null ? null : targets.spec().get("healthCheckPort"),
                                "health check's port");
                    }
                }
            }
        }
    }

    /** The groups of the tasks; empty if the rules of one of them are unknown. */
    private List<ResourceDraft> groups(LocatedJson.Obj service) {
        LocatedJson.Obj network = service.object("networkConfiguration");
        LocatedJson.Obj inVpc = network == null ? null : network.object("awsvpcConfiguration");
        List<ResourceDraft> groups = new ArrayList<>();
        if (inVpc != null && inVpc.get("securityGroups") instanceof LocatedJson.Arr ids) {
            for (LocatedJson id : ids.elements()) {
                ResourceDraft group = drafts.get(StackCheck.target(id));
                if (group == null || !(group.spec().get("ingress") instanceof LocatedJson.Arr)) {
                    return List.of();
                }
                groups.add(group);
            }
        }
        return groups;
    }

    /** @param port null, or a text that is not a number, stands for the port of the traffic */
    private void open(List<ResourceDraft> groups, @Nullable LocatedJson port, String words) {
        if (port == null || !port.toJson().asText().matches("[0-9]{1,5}")) {
            return;
        }
        int number = port.toJson().asInt();
        if (groups.stream().noneMatch(g -> lets(g, number))) {
            problems.add(port.location()
                    .problem(
                            "no rule of "
                                    + groups.stream()
                                            .map(g -> g.id().toString())
                                            .collect(Collectors.joining(", ")) + " admits the " + words + " " + number,
                            wayOut(groups.getFirst())));
        }
    }

    private static String wayOut(ResourceDraft group) {
        return group.owner() != null && group.owner().kind().equals("Network")
                ? "add it to the containerPorts of " + group.owner()
                : "add a rule to the ingress of " + group.id();
    }

    private static boolean lets(ResourceDraft group, int port) {
        for (JsonNode rule : group.spec().toJson().path("ingress")) {
            JsonNode from = rule.path("fromPort");
            JsonNode to = rule.path("toPort");
            boolean known = from.isInt() && to.isInt();
            if (TCP.contains(rule.path("protocol").asText())
                    && (!known || from.intValue() <= port && port <= to.intValue())) {
                return true;
            }
        }
        return false;
    }
}
