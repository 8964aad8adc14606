package dev.holdfast.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.aws.Faults;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.model.DueTime;
import dev.holdfast.model.Event;
import dev.holdfast.store.CompleteRecord;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Keeps the last view of each stack in the state, so that people see it with AWS credentials alone. A view is written
 * after a pass that changed its content: at once if the stack has settled, otherwise at most once a minute. The time of
 * a read does not count as a change, so that a converged pass writes nothing.
 */
public final class ViewKeeper {
    private static final Duration WHILE_BUSY = Duration.ofMinutes(1);
    private static final int EVENTS = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    /** Leaves out the members that every pass changes. */
    private static final ObjectMapper MATERIAL = MAPPER.rebuild()
            .addMixIn(KeptView.class, WithoutAt.class)
            .addMixIn(ApiModel.StackJson.class, WithoutPasses.class)
            .addMixIn(ApiModel.ResourceStatusJson.class, WithoutReads.class)
            .addMixIn(ApiModel.DriftJson.class, WithoutReads.class)
            .build();

    @JsonIgnoreProperties({"at"})
    private interface WithoutAt {}

    @JsonIgnoreProperties({"lastPass", "lastGoodPassAt", "nextLookAt"})
    private interface WithoutPasses {}

    /**
     * No decision rests on facts, and some change with time, such as the time up to which a database can be restored.
     */
    @JsonIgnoreProperties({"observedAt", "observedAtByFacet", "facts"})
    private interface WithoutReads {}

    /**
     * The view of one stack that was written last.
     *
     * @param etag null if there was no object
     * @param digest the digest of the view; empty if another process wrote it
     * @param earlier the events of former processes
     */
    private record WrittenView(@Nullable String etag, String digest, Instant at, List<Event> earlier) {}

    private record KeptEvents(ApiModel.@Nullable ItemList<Event> events) {}

    private final ObjectStore state;
    private final String desiredState;
    private final Predicate<String> held;
    private final Clock clock;
    private final Map<String, WrittenView> written = new ConcurrentHashMap<>();
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    /**
     * @param desiredState the location of the desired state
     * @param held whether this process holds the stack now
     */
    public ViewKeeper(ObjectStore state, String desiredState, Predicate<String> held, Clock clock) {
        this.state = state;
        this.desiredState = desiredState;
        this.held = held;
        this.clock = clock;
    }

    /** Is called after each pass over the stack. A failure to keep the view delays nothing; an event reports it. */
    public void passed(StackReconciler stack) {
        try {
            keep(stack);
            failures.remove(stack.stack());
        } catch (SdkException | UncheckedIOException e) {
            String failure = Faults.classify(e, List.of()).inWords();
            if (!failure.equals(failures.put(stack.stack(), failure))) {
                stack.events()
                        .add(
                                null,
                                Event.Severity.Warning,
                                "ViewNotKept",
                                "the state keeps an old view of the stack, because a write failed: " + failure);
            }
        } catch (ObjectStore.PreconditionFailedException e) {
            // The process that held the stack before was still writing: the next pass reads its view.
            written.remove(stack.stack());
        }
    }

    private void keep(StackReconciler stack) {
        String name = stack.stack();
        Instant now = clock.instant();
        WrittenView last = written.get(name);
        boolean settled = stack.view().converged();
        if (!held.test(name)
                || (last != null
                        && !settled
                        && !DueTime.after(last.at(), WHILE_BUSY).isDue(now))) {
            return;
        }
        WrittenView before = last != null ? last : found(name, now);
        KeptView view = KeptView.of(now, desiredState, stack, events(before.earlier(), stack));
        String digest = digest(view);
        if (digest.equals(before.digest())) {
            return;
        }
        String etag = state.putIf(KeptView.key(name), bytes(view), before.etag());
        written.put(name, new WrittenView(etag, digest, now, before.earlier()));
    }

    /** Events of former processes have lower ids. */
    private static List<Event> events(List<Event> earlier, StackReconciler stack) {
        List<Event> own = stack.events().after(0);
        long first = own.isEmpty() ? Long.MAX_VALUE : own.getFirst().id();
        List<Event> all =
                new ArrayList<>(earlier.stream().filter(e -> e.id() < first).toList());
        all.addAll(own);
        return List.copyOf(all.subList(Math.max(0, all.size() - EVENTS), all.size()));
    }

    private WrittenView found(String name, Instant now) {
        ObjectStore.Stored stored;
        try {
            stored = state.get(KeptView.key(name));
        } catch (ObjectStore.TooLargeException e) {
            // No reader can read the object: the next view takes its place.
            state.delete(KeptView.key(name));
            stored = null;
        }
        if (stored == null) {
            return new WrittenView(null, "", now, List.of());
        }
        try {
            KeptEvents kept = CompleteRecord.of(MAPPER.readValue(stored.content(), KeptEvents.class));
            return new WrittenView(
                    stored.etag(),
                    "",
                    now,
                    kept.events() == null ? List.of() : kept.events().items());
        } catch (IOException e) {
            // Another version wrote the object: its events are in that version's log.
            return new WrittenView(stored.etag(), "", now, List.of());
        }
    }

    private static String digest(KeptView view) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
                MATERIAL.writeValue(out, view);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(KeptView view) {
        try {
            return MAPPER.writeValueAsBytes(view);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
