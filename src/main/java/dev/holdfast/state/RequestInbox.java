package dev.holdfast.state;

import dev.holdfast.model.ChangeHint;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import dev.holdfast.store.ObjectStore.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of a stack, and the last answers, in one object of the state: to look for requests takes one GET, which
 * costs a twelfth of a LIST. Every process may add a request, by a conditional write; the process that holds the stack
 * answers it.
 */
public final class RequestInbox {
    private static final int ANSWERS_KEPT = 50;
    /** Each attempt that fails means that another writer succeeded. */
    private static final int ATTEMPTS = 30;

    /** Hints that wait for the holder: a stack that nobody holds begins with a full pass anyway. */
    private static final int HINTS_KEPT = 500;

    /**
     * @param requests that nobody has answered, in the order in which they were made
     * @param hints from change events that another process has read
     */
    public record InboxContent(List<UserRequest> requests, List<RequestAnswer> answers, List<ChangeHint> hints) {
        static final InboxContent EMPTY = new InboxContent(List.of(), List.of(), List.of());

        @SuppressWarnings("NullAway") // a member may be missing from what was stored
        public InboxContent {
            requests = requests == null ? List.of() : List.copyOf(requests);
            answers = answers == null ? List.of() : List.copyOf(answers);
            hints = hints == null ? List.of() : List.copyOf(hints);
        }

        /** What became of a request, or null: nobody has answered it, or too long ago. */
        public @Nullable RequestAnswer answerTo(String id) {
            return answers.stream().filter(a -> a.id().equals(id)).findFirst().orElse(null);
        }
    }

    private final ObjectStore store;
    private final String key;
    private final AuditTrail trail;

    public RequestInbox(ObjectStore state, String stack) {
        this.store = state;
        this.trail = new AuditTrail(state, stack);
        this.key = "stacks/" + stack + "/requests.json";
    }

    /** @throws UncheckedIOException if the object is not in the form in which it was written */
    public InboxContent read() {
        return parse(store.get(key));
    }

    /** Once this returns, the request survives the end of every process. */
    public void add(UserRequest request) {
        change(content -> {
            List<UserRequest> requests = new ArrayList<>(content.requests());
            requests.add(request);
            return new InboxContent(requests, content.answers(), content.hints());
        });
    }

    /** The same for a person who has signed in. */
    public void addVouched(UserRequest request, String person) {
        add(RequestProof.prove(store, request, person));
    }

    /** What became of the requests that were answered. */
    public AuditTrail trail() {
        return trail;
    }

    /** Replaces requests by their answers, by the id of the request; each is in the trail before it is gone from here. */
    public void answer(Map<String, RequestAnswer> answers) {
        change(content -> {
            List<UserRequest> requests = new ArrayList<>(content.requests());
            List<RequestAnswer> all = new ArrayList<>(content.answers());
            requests.removeIf(request -> {
                RequestAnswer answer = answers.get(request.id());
                if (answer != null) {
                    trail.add(request, answer);
                    all.add(answer);
                }
                return answer != null;
            });
            return new InboxContent(
                    requests, all.subList(Math.max(0, all.size() - ANSWERS_KEPT), all.size()), content.hints());
        });
    }

    /**
     * Tells the process that holds the stack what somebody may have changed.
     *
     * @throws UncheckedIOException if the object is not in the form in which it was written, or too many write it
     */
    public void addHints(List<ChangeHint> hints) {
        changeHints(all -> {
            Set<ChangeHint> both = new LinkedHashSet<>(all);
            both.addAll(hints);
            return both;
        });
    }

    /** The holder has taken these. */
    public void takenHints(List<ChangeHint> hints) {
        changeHints(all -> {
            Set<ChangeHint> left = new LinkedHashSet<>(all);
            hints.forEach(left::remove);
            return left;
        });
    }

    private void changeHints(Function<List<ChangeHint>, Set<ChangeHint>> change) {
        change(content -> {
            List<ChangeHint> all = List.copyOf(change.apply(content.hints()));
            return new InboxContent(
                    content.requests(),
                    content.answers(),
                    all.subList(Math.max(0, all.size() - HINTS_KEPT), all.size()));
        });
    }

    private void change(UnaryOperator<InboxContent> change) {
        for (int i = 1; ; i++) {
            Stored stored = store.get(key);
            InboxContent before = parse(stored);
            InboxContent after = change.apply(before);
            if (after.equals(before)) {
                return;
            }
            try {
                store.putIf(key, StackState.bytes(after), stored == null ? null : stored.etag());
                return;
            } catch (PreconditionFailedException e) {
                if (i == ATTEMPTS) {
                    throw new UncheckedIOException(new IOException(
                            store.location() + key + " is being changed by too many at once; try again", e));
                }
            }
        }
    }

    private InboxContent parse(@Nullable Stored stored) {
        if (stored == null) {
            return InboxContent.EMPTY;
        }
        return StackState.parse(store, key, stored, InboxContent.class);
    }
}
