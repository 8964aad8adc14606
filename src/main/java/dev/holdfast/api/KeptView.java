package dev.holdfast.api;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stack as the HTTP API shows it, kept in the state for people who cannot reach the daemon: each member is the answer
 * of one path below {@code /api/v1/stacks/{stack}}.
 *
 * @param at when the view was written
 * @param desiredState the location of the desired state, as people write it
 * @param events the last events, oldest first
 */
public record KeptView(
        Instant at,
        String desiredState,
        ApiModel.StackJson stack,
        ApiModel.ItemList<ApiModel.ResourceJson> resources,
        ApiModel.DriftJson drift,
        ApiModel.PlanJson plan,
        ApiModel.GraphJson graph,
        ApiModel.ItemList<Event> events) {

    static KeptView of(Instant at, String desiredState, StackReconciler stack, List<Event> events) {
        StackView view = stack.view();
        String region = ApiModel.region(view);
        return new KeptView(
                at,
                desiredState,
                ApiModel.stack(view),
                new ApiModel.ItemList<>(
                        rows(view).values().stream()
                                .map(r -> ApiModel.resource(r, region))
                                .toList(),
                        null),
                ApiModel.drift(view),
                ApiModel.plan(view),
                ApiModel.graph(view),
                new ApiModel.ItemList<>(events, null));
    }

    /** The resources, and the composites that contain some of them. */
    static Map<ResourceId, ResourceView> rows(StackView view) {
        Map<ResourceId, ResourceView> rows = new TreeMap<>(view.resources());
        rows.putAll(view.composites());
        return rows;
    }

    /** The key of the view in the state. */
    public static String key(String stack) {
        return "stacks/" + stack + "/view.json";
    }
}
