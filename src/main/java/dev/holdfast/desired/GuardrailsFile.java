package dev.holdfast.desired;

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
 * The guardrails that an object of a store contains, as they were read last. What is configured and was never read is never
 * taken for no guardrails; guardrails that were good stay in force while the object is missing, broken or cannot be read,
 * and say so. {@link #get} reads nothing, so that no pass waits for it; {@link #refresh} is to be called from time to time.
 * Safe for use by many threads.
 */
public final class GuardrailsFile implements Supplier<GuardrailsState> {
    private final ObjectStore store;
    private final String key;
    private final KindCatalog catalog;
    private @Nullable String etag;
    private volatile boolean found;
    private volatile GuardrailsState state;

    /** @param catalog the kinds that policies are about */
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
        } catch (SdkException | UncheckedIOException | ObjectStore.TooLargeException e) {
            failed(String.valueOf(e.getMessage()));
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
