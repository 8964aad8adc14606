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
