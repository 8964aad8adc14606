package dev.holdfast.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An act that a person may request for a stack. In JSON, {@code type} is its name. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RequestedAct.Approve.class, name = "Approve"),
    @JsonSubTypes.Type(value = RequestedAct.PauseUntil.class, name = "Pause"),
    @JsonSubTypes.Type(value = RequestedAct.Resume.class, name = "Resume"),
    @JsonSubTypes.Type(value = RequestedAct.Retry.class, name = "Retry"),
    @JsonSubTypes.Type(value = RequestedAct.Reconcile.class, name = "Reconcile")
})
public sealed interface RequestedAct {
    /** The longest reason of a pause, in characters: each view, event and alert of the paused stack repeats it. */
    int REASON_LENGTH = 500;

    /** The most steps that one request may approve. */
    int STEPS = 1000;

    /** The longest text that can be the hash of a step, in characters. */
    int HASH_LENGTH = 64;

    /** @return why the act may not be stored; null if it may */
    default @Nullable String refusal() {
        return switch (this) {
            case Approve(List<String> steps)
            when steps.size() > STEPS -> "a request may approve at most " + STEPS + " steps; found " + steps.size();
            case Approve(List<String> steps)
            when steps.stream().anyMatch(hash -> hash.length() > HASH_LENGTH) ->
                "the hash of a step has at most " + HASH_LENGTH + " characters";
            case PauseUntil(ResourceId resource, Instant until, String reason)
            when reason.length() > REASON_LENGTH ->
                "the reason of a pause may have at most " + REASON_LENGTH + " characters; found " + reason.length();
            default -> null;
        };
    }

    /** @param steps the hashes of the approved steps; each hash is of exactly one step */
    record Approve(List<String> steps) implements RequestedAct {}

    /** @param resource null: the whole stack */
    record PauseUntil(@Nullable ResourceId resource, Instant until, String reason) implements RequestedAct {}

    /** @param resource null: the whole stack */
    record Resume(@Nullable ResourceId resource) implements RequestedAct {}

    record Retry(ResourceId resource) implements RequestedAct {}

    /** A full pass as soon as possible. */
    record Reconcile() implements RequestedAct {}
}
