package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import dev.holdfast.state.StackMemory.Pause;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Requests of people for a stack that no pass has taken up yet. Safe for use by many threads. */
public final class UserRequests {
    private final Set<String> approvals = new HashSet<>();
    private final Set<ResourceId> retries = new HashSet<>();
    private final Map<String, Pause> pauses = new HashMap<>();
    private final Set<String> resumes = new HashSet<>();

    /** @param hash of exactly one step */
    public synchronized void approve(String hash) {
        approvals.add(hash);
    }

    public synchronized void retry(ResourceId id) {
        retries.add(id);
    }

    /** @param what {@code Kind/name}, or {@code *} for the whole stack */
    public synchronized void pause(String what, Pause pause) {
        resumes.remove(what);
        pauses.put(what, pause);
    }

    public synchronized void resume(String what) {
        pauses.remove(what);
        resumes.add(what);
    }

    synchronized boolean any() {
        return !(approvals.isEmpty() && retries.isEmpty() && pauses.isEmpty() && resumes.isEmpty());
    }

    record DrainedRequests(
            Set<String> approvals, Set<ResourceId> retries, Map<String, Pause> pauses, Set<String> resumes) {}

    synchronized DrainedRequests take() {
        DrainedRequests taken = new DrainedRequests(
                Set.copyOf(approvals), Set.copyOf(retries), Map.copyOf(pauses), Set.copyOf(resumes));
        approvals.clear();
        retries.clear();
        pauses.clear();
        resumes.clear();
        return taken;
    }
}
