package dev.holdfast.engine;

import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.Event;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** What people have asked of a stack, and what change events hint at, until a pass takes it. Safe for use by many threads. */
final class StackInbox {
    private final RequestInbox stored;
    private final EventLog events;
    private final UserRequests requests = new UserRequests();
    private final HintInbox hints = new HintInbox();
    private volatile @Nullable String failure;

    StackInbox(RequestInbox stored, EventLog events) {
        this.stored = stored;
        this.events = events;
    }

    UserRequests requests() {
        return requests;
    }

    HintInbox hints() {
        return hints;
    }

    /** @param planned whether there is a plan, which most requests need */
    boolean any(boolean planned) {
        return requests.any(planned) || !hints.isEmpty();
    }

    /** Stores the hints that no pass has taken, for the process that holds the stack next. */
    void handHintsOn() {
        List<ChangeHint> left = hints.take();
        if (!left.isEmpty()) {
            try {
                stored.addHints(left);
            } catch (SdkException | UncheckedIOException e) {
                // Whoever takes the stack over reads everything first: only the authors stay unnamed.
                events.add(
                        null,
                        Event.Severity.Warning,
                        "HintsLost",
                        "who made " + left.size() + " of the last changes cannot be handed on: " + e.getMessage());
            }
        }
    }

    /** Nothing is known any more; the state still has what people have asked for. */
    void clear() {
        requests.clear();
        hints.clear();
    }

    /** Reads what the state has, and stores the answers to what was carried out. @return whether a full pass is needed */
    boolean look() {
        boolean full = false;
        try {
            Map<String, RequestAnswer> answers = requests.answers();
            if (!answers.isEmpty()) {
                stored.answer(answers);
            }
            RequestInbox.InboxContent content = stored.read();
            if (!content.hints().isEmpty()) {
                full = hints.add(content.hints()) > 0;
                stored.takenHints(content.hints());
            }
            for (UserRequest request : requests.read(content.requests())) {
                full |= request.act() instanceof RequestedAct.Reconcile;
            }
            failure = null;
        } catch (SdkException | UncheckedIOException e) {
            String now = "requests of people cannot be read: " + e.getMessage();
            if (!now.equals(failure)) {
                events.add(null, Event.Severity.Warning, "RequestsUnreadable", now);
            }
            failure = now;
        }
        return full;
    }
}
