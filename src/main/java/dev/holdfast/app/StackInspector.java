package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the stacks of an installation, in the form of the HTTP API, wherever it is read from. Lists are
 * {@code {"items": [...]}}.
 */
interface StackInspector extends AutoCloseable {
    JsonNode stacks();

    /** @throws CommandFailure if there is no such stack, like all methods that take its name */
    JsonNode stack(String stack);

    /** The resources and the composites that contain some of them. */
    JsonNode resources(String stack);

    JsonNode drift(String stack);

    JsonNode plan(String stack);

    JsonNode graph(String stack);

    /** All events that are kept with ids after this one, the oldest first. */
    JsonNode events(String stack, long after);

    /** The commits, the newest first. */
    JsonNode revisions(String stack);

    /** One line on where this comes from and how old it is; null: a daemon has just told it. */
    @Nullable
    String source(String stack);

    /** The name of the installation's only stack. @throws CommandFailure if it has none or several */
    String onlyStack();

    @Override
    void close();
}
