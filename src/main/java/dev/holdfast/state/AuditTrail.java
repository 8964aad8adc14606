package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The requests that people made for a stack, and the results, refusals included. Each request is one object, which is
 * created once and never changed, so that a bucket policy can enforce this.
 */
public final class AuditTrail {
    private final TrailEntries<AuditEntry> entries;

    AuditTrail(ObjectStore state, String stack) {
        this.entries = new TrailEntries<>(state, "stacks/" + stack + "/audit/", AuditEntry.class);
    }

    /**
     * @param entry the name of the entry; names sort in the order in which requests were answered
     * @param at when the request was made, by the clock of the process that accepted it
     * @param answeredAt when the operator carried the request out or refused it, by the operator's clock
     */
    public record AuditEntry(
            String entry,
            Instant at,
            String by,
            RequestedAct act,
            Instant answeredAt,
            boolean carriedOut,
            String message) {}

    /** Adds the entry, or keeps the entry that a process added before it was killed. */
    void add(UserRequest request, RequestAnswer answer) {
        // Every principal that may add a request chooses its id, so that the id must not become a key.
        String entry = TrailEntries.name(
                answer.at(), UUID.nameUUIDFromBytes(request.id().getBytes(StandardCharsets.UTF_8)));
        AuditEntry all = new AuditEntry(
                entry, request.at(), request.by(), request.act(), answer.at(), answer.carriedOut(), answer.message());
        try {
            entries.create(entry, all);
        } catch (PreconditionFailedException e) {
            // The entry exists already.
        }
    }

    /** The entries after the given one, oldest first. */
    public List<AuditEntry> after(String entry, int most) {
        return entries.after(entry, most);
    }
}
