package dev.holdfast.alerts;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The alerts of one stack: raised once when something begins, and once more when it is over. */
public final class AlertBook {
    private record Key(@Nullable ResourceId resource, String reason) {}

    private Map<Key, String> active = new LinkedHashMap<>();

    /** Compares what is wrong now with what was wrong before, and says what began and what ended. */
    public void update(StackView view, EventLog events) {
        Map<Key, String> now = wrong(view);
        now.forEach((key, message) -> {
            if (!active.containsKey(key)) {
                events.add(key.resource(), Event.Severity.Alert, key.reason(), message);
            }
        });
        active.forEach((key, message) -> {
            if (!now.containsKey(key)) {
                events.add(key.resource(), Event.Severity.Resolved, key.reason(), "over: " + message);
            }
        });
        active = now;
    }

    private static Map<Key, String> wrong(StackView view) {
        Map<Key, String> wrong = new LinkedHashMap<>();
        for (Condition condition : view.conditions()) {
            if (condition.type() != Condition.Type.Paused) {
                wrong.put(new Key(null, condition.reason()), String.valueOf(condition.message()));
            }
        }
        for (ResourceView resource : view.resources().values()) {
            switch (resource.status()) {
                case Stalled, AwaitingApproval, Failed ->
                    wrong.put(new Key(resource.id(), reason(resource)), resource.status() + ": " + resource.message());
                case Unknown, Orphaned, Progressing, Waiting, Paused, Drifted, Pending, Synced -> {}
            }
        }
        for (DriftItem item : view.drift()) {
            if (item.state() == DriftItem.State.Contested) {
                wrong.put(
                        new Key(item.resource(), "Contested"),
                        "somebody changes it back again and again; it is repaired on, more slowly");
            }
        }
        return wrong;
    }

    private static String reason(ResourceView resource) {
        return resource.reason() == null ? resource.status().name() : resource.reason();
    }
}
