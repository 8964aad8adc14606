package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.alerts.AlertService;
import dev.holdfast.api.KeptView;
import dev.holdfast.state.Lease;
import dev.holdfast.state.StackState;
import dev.holdfast.state.StoredJson;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads the stacks from the state: the last view of each, which the daemon writes when it changes. */
final class StateInspector implements StackInspector {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String location;
    private final StateRequests state;
    private final Map<String, Fetched> fetched = new ConcurrentHashMap<>();

    private record Fetched(String etag, JsonNode view) {}

    /** @param location the daemon's {@code HOLDFAST_STATE} */
    StateInspector(String location) {
        this.location = location;
        this.state = new StateRequests(location);
    }

    @Override
    public JsonNode stacks() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode items = all.putArray("items");
        for (String stack : StackState.stacks(state.store())) {
            JsonNode view = viewOrNull(stack);
            if (view != null) {
                items.add(view.path("stack"));
            }
        }
        return all;
    }

    @Override
    public JsonNode part(String stack, StackPart part) {
        return view(stack).path(part.member);
    }

    @Override
    public JsonNode events(String stack, long after) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode items = all.putArray("items");
        view(stack).path("events").path("items").forEach(event -> {
            if (event.path("id").asLong() > after) {
                items.add(event);
            }
        });
        return all;
    }

    @Override
    public JsonNode installationAlerts() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.set("items", StoredJson.MAPPER.valueToTree(AlertService.ofInstallation(state.store())));
        return all;
    }

    /** Reads the commits next to the published revisions, because the state does not contain them. */
    @Override
    public JsonNode revisions(String stack) {
        return PublishedStacks.commits(view(stack).path("desiredState").asText(), stack);
    }

    @Override
    public String source(String stack) {
        Lease.LeaseHolder holder = Lease.holder(state.store(), stack);
        String written = view(stack).path("at").asText();
        return stack + ": the state at " + location + " has this view since " + written + "; " + holderText(holder);
    }

    private static String holderText(Lease.@Nullable LeaseHolder holder) {
        if (holder == null) {
            return "no operator holds the stack: the view may be out of date";
        }
        return isLater(holder.until())
                ? "the operator " + holder.name() + " holds the stack and writes a new view when it changes"
                : "no operator holds the stack since " + holder.until() + ": the view may be out of date";
    }

    private static boolean isLater(String time) {
        try {
            return Instant.parse(time).isAfter(Instant.now());
        } catch (DateTimeException e) {
            return false;
        }
    }

    @Override
    public String onlyStack() {
        return state.stack(null);
    }

    private JsonNode view(String stack) {
        JsonNode view = viewOrNull(stack);
        if (view == null) {
            state.stack(stack);
            throw new CommandFailure("the state at " + location + " keeps no view of the stack " + stack
                    + ": an operator of this version writes it after its first pass");
        }
        return view;
    }

    /** Reads the view each time, because a command may watch it, but parses it only if it has changed. */
    private @Nullable JsonNode viewOrNull(String stack) {
        CommandContext.checkStack(stack);
        String key = KeptView.key(stack);
        ObjectStore.Stored stored = state.store().get(key);
        if (stored == null) {
            return null;
        }
        Fetched before = fetched.get(stack);
        if (before != null && before.etag().equals(stored.etag())) {
            return before.view();
        }
        try {
            JsonNode view = MAPPER.readTree(stored.content());
            fetched.put(stack, new Fetched(stored.etag(), view));
            return view;
        } catch (IOException e) {
            throw new CommandFailure(state.store().location(key)
                    + " is not a view that an operator wrote; the operator writes a new one when the stack changes");
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
