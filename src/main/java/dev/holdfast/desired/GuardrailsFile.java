package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Guardrails.GuardrailsState.ActiveGuardrails;
import dev.holdfast.model.Guardrails.GuardrailsState.UnreadableGuardrails;
import dev.holdfast.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The guardrails that an object of a store contains, read again when it has changed. What is configured and cannot be
 * read is never taken for no guardrails. Safe for use by many threads.
 */
public final class GuardrailsFile implements Supplier<GuardrailsState> {
    /** How long an answer counts; a change takes effect by then. */
    static final Duration FRESH = Duration.ofSeconds(15);

    private final ObjectStore store;
    private final String key;
    private final KindCatalog catalog;
    private final Clock clock;
    private GuardrailsState state;
    private @Nullable String etag;
    private Instant readAt = Instant.MIN;

    /** @param catalog the kinds that policies are about */
    public GuardrailsFile(ObjectStore store, String key, KindCatalog catalog, Clock clock) {
        this.store = store;
        this.key = key;
        this.catalog = catalog;
        this.clock = clock;
        this.state = new UnreadableGuardrails(store.location(key), "they were not read yet");
    }

    @Override
    public synchronized GuardrailsState get() {
        Instant now = clock.instant();
        if (readAt.isBefore(now.minus(FRESH))) {
            read();
            readAt = now;
        }
        return state;
    }

    private void read() {
        try {
            ObjectStore.Stored stored = store.get(key);
            if (stored == null) {
                etag = null;
                state = unreadable("there is no such file");
            } else if (!stored.etag().equals(etag)) {
                state = parsed(stored.content());
                etag = stored.etag();
            }
        } catch (SdkException | UncheckedIOException | ObjectStore.TooLargeException e) {
            etag = null;
            state = unreadable(String.valueOf(e.getMessage()));
        }
    }

    private GuardrailsState parsed(byte[] content) {
        List<Problem> problems = new ArrayList<>();
        Guardrails guardrails = GuardrailsReader.read(store.location(key), content, catalog, problems);
        return guardrails == null
                ? unreadable(problems.getFirst().toString())
                : new ActiveGuardrails(store.location(key), guardrails);
    }

    private GuardrailsState unreadable(String why) {
        return new UnreadableGuardrails(store.location(key), why);
    }
}
