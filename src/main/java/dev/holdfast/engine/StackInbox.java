package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
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

/**
 * The requests of users and the hints of change events for a stack, until a pass takes them. Safe for use by many
 * threads.
 */
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
                // The next process reads all resources first, so that only the authors of the changes are lost.
                events.add(
                        null,
                        Event.Severity.Warning,
                        "HintsLost",
                        "the authors of " + left.size() + " of the last changes cannot be stored for the next"
                                + " process: "
                                + Faults.classify(e, List.of()).inWords());
            }
        }
    }

    /** Forgets everything; the state still contains the requests of users. */
    void clear() {
        requests.clear();
        hints.clear();
    }

    /** Reads requests and hints from the state, and stores the answers. @return whether a full pass is needed */
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
            String now = "requests of users cannot be read: "
                    + Faults.classify(e, List.of()).inWords();
            if (!now.equals(failure)) {
                events.add(null, Event.Severity.Warning, "RequestsUnreadable", now);
            }
            failure = now;
        }
        return full;
    }
}
