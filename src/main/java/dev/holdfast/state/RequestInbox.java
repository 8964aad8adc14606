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
 * The open requests for a stack, and the last answers, in one object of the state. A check for requests takes one GET,
 * which costs a twelfth of a LIST. Every process may add a request, by a conditional write; the process that holds the
 * stack answers it.
 */
public final class RequestInbox {
    private static final int ANSWERS_KEPT = 50;
    /** Each attempt that fails means that another writer succeeded. */
    private static final int ATTEMPTS = 30;

    /**
     * The most hints that wait for the holder. Older hints may be dropped: a process that takes a stack begins with a
     * full pass.
     */
    private static final int HINTS_KEPT = 500;

    /**
     * @param requests the requests without an answer, in the order in which they were made
     * @param hints the hints from change events that another process has read
     */
    public record InboxContent(List<UserRequest> requests, List<RequestAnswer> answers, List<ChangeHint> hints) {
        static final InboxContent EMPTY = new InboxContent(List.of(), List.of(), List.of());

        @SuppressWarnings("NullAway") // a stored object may lack a member
        public InboxContent {
            requests = requests == null ? List.of() : List.copyOf(requests);
            answers = answers == null ? List.of() : List.copyOf(answers);
            hints = hints == null ? List.of() : List.copyOf(hints);
        }

        /** The answer to a request; null if there is none yet, or if it is too old to be kept. */
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

    /** Adds the request with a proof that the operator received it from a person who has signed in. */
    public void addVouched(UserRequest request, String person) {
        add(RequestProof.prove(store, request, person));
    }

    /** The trail of the requests that were answered. */
    public AuditTrail trail() {
        return trail;
    }

    /**
     * Replaces requests by their answers, which are keyed by request id. Each answer is in the trail before the request
     * is removed.
     */
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
     * Passes hints about possible changes to the process that holds the stack.
     *
     * @throws UncheckedIOException if the object is not in the form in which it was written, or if too many processes
     *     write it
     */
    public void addHints(List<ChangeHint> hints) {
        changeHints(all -> {
            Set<ChangeHint> both = new LinkedHashSet<>(all);
            both.addAll(hints);
            return both;
        });
    }

    /** Removes the hints that the holder has taken. */
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
                            store.location() + key + " is being changed by too many processes at once; try again", e));
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
