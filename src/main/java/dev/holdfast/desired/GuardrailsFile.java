package dev.holdfast.desired;

import dev.holdfast.aws.Faults;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Guardrails.GuardrailsState.ActiveGuardrails;
import dev.holdfast.model.Guardrails.GuardrailsState.UnreadableGuardrails;
import dev.holdfast.store.ObjectStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The guardrails in an object of a store, from the last read. Configured guardrails that were never read count as
 * unreadable, never as absent. Valid guardrails stay in force while the object is missing, broken or unreadable, and
 * their state contains the reason. {@link #get} reads nothing, so that no pass waits; {@link #refresh} must be called
 * periodically. Safe for use by many threads.
 */
public final class GuardrailsFile implements Supplier<GuardrailsState> {
    private final ObjectStore store;
    private final String key;
    private final KindCatalog catalog;
    private @Nullable String etag;
    private volatile boolean found;
    private volatile GuardrailsState state;

    /** @param catalog the kinds that policies may name */
    public GuardrailsFile(ObjectStore store, String key, KindCatalog catalog) {
        this.store = store;
        this.key = key;
        this.catalog = catalog;
        this.state = new UnreadableGuardrails(store.location(key), "they were not read yet");
    }

    @Override
    public GuardrailsState get() {
        return state;
    }

    /** Whether the reader ever found the object, good or broken. */
    public boolean found() {
        return found;
    }

    /** Reads the object, if it has changed. */
    public synchronized void refresh() {
        try {
            ObjectStore.Stored stored = store.get(key);
            if (stored == null) {
                failed("there is no such file");
            } else if (!stored.etag().equals(etag)) {
                found = true;
                etag = read(stored.content()) ? stored.etag() : null;
            }
        } catch (SdkException | UncheckedIOException e) {
            failed(Faults.classify(e, List.of()).inWords());
        }
    }

    private boolean read(byte[] content) {
        List<Problem> problems = new ArrayList<>();
        Guardrails guardrails = GuardrailsReader.read(store.location(key), content, catalog, problems);
        if (guardrails == null) {
            failed(problems.getFirst().toString());
        } else {
            state = new ActiveGuardrails(store.location(key), guardrails);
        }
        return guardrails != null;
    }

    private void failed(String why) {
        etag = null;
        state = state instanceof ActiveGuardrails active
                ? active.outdated(why)
                : new UnreadableGuardrails(store.location(key), why);
    }
}
