package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import dev.holdfast.store.ObjectStore.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What people asked of a stack and what became of it, refusals included: one object for each request, which is created
 * once and never changed, so that a bucket policy can enforce it.
 */
public final class AuditTrail {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ObjectStore store;
    private final String prefix;

    AuditTrail(ObjectStore state, String stack) {
        this.store = state;
        this.prefix = "stacks/" + stack + "/audit/";
    }

    /**
     * @param entry its name, in the order in which requests were answered
     * @param at when it was asked, by the clock of the process that accepted it
     * @param answeredAt when the operator carried it out or refused it, by its own clock
     */
    public record AuditEntry(
            String entry,
            Instant at,
            String by,
            RequestedAct act,
            Instant answeredAt,
            boolean carriedOut,
            String message) {}

    /** Adds the entry, or leaves the one that a process made before it was killed. */
    void add(UserRequest request, RequestAnswer answer) {
        // The id may have been written by anybody who may ask: it does not become a key.
        String entry = TIME.format(answer.at()) + "-"
                + UUID.nameUUIDFromBytes(request.id().getBytes(StandardCharsets.UTF_8));
        AuditEntry all = new AuditEntry(
                entry, request.at(), request.by(), request.act(), answer.at(), answer.carriedOut(), answer.message());
        try {
            store.putIf(prefix + entry + ".json", StackState.bytes(all), null);
        } catch (PreconditionFailedException e) {
            // It is there.
        }
    }

    /** The entries after this one, oldest first. */
    public List<AuditEntry> after(String entry, int most) {
        List<AuditEntry> entries = new ArrayList<>();
        for (String key : store.list(prefix)) {
            if (key.compareTo(prefix + entry + ".json") > 0 && entries.size() < most) {
                Stored stored = store.get(key);
                if (stored != null) {
                    entries.add(StackState.parse(store, key, stored, AuditEntry.class));
                }
            }
        }
        return entries;
    }
}
