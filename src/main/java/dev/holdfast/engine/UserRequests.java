package dev.holdfast.engine;

import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The requests for a stack from the state, and the answers that the state lacks. Safe for use by many threads. */
public final class UserRequests {
    private final Map<String, UserRequest> open = new LinkedHashMap<>();
    private final Map<String, RequestAnswer> answers = new HashMap<>();

    /** Forgets everything; the state still contains all requests. */
    synchronized void clear() {
        open.clear();
        answers.clear();
    }

    /** @param inState all requests in the state @return the new ones among them */
    synchronized List<UserRequest> read(List<UserRequest> inState) {
        Set<String> ids = new HashSet<>();
        inState.forEach(request -> ids.add(request.id()));
        open.keySet().retainAll(ids);
        answers.keySet().retainAll(ids);
        List<UserRequest> fresh = inState.stream()
                .filter(request -> !answers.containsKey(request.id()) && !open.containsKey(request.id()))
                .toList();
        fresh.forEach(request -> open.put(request.id(), request));
        return fresh;
    }

    /** @param planned whether there is a plan; without a plan, only pauses can be set or ended */
    synchronized List<UserRequest> open(boolean planned) {
        return open.values().stream().filter(r -> planned || isOfPause(r.act())).toList();
    }

    boolean any(boolean planned) {
        return !open(planned).isEmpty();
    }

    private static boolean isOfPause(RequestedAct act) {
        return switch (act) {
            case RequestedAct.PauseUntil pause -> true;
            case RequestedAct.Resume resume -> true;
            case RequestedAct.Approve approve -> false;
            case RequestedAct.Retry retry -> false;
            case RequestedAct.Reconcile reconcile -> false;
        };
    }

    /** The ids of the requests that the state contained at the last read. */
    synchronized Set<String> known() {
        Set<String> known = new HashSet<>(open.keySet());
        known.addAll(answers.keySet());
        return known;
    }

    synchronized void answered(RequestAnswer answer) {
        open.remove(answer.id());
        answers.put(answer.id(), answer);
    }

    /** The answers that are not in the state yet, by the id of the request. */
    synchronized Map<String, RequestAnswer> answers() {
        return Map.copyOf(answers);
    }
}
