package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the stacks of an installation, in the form of the HTTP API, wherever it is read from. Lists are
 * {@code {"items": [...]}}.
 */
interface StackInspector extends AutoCloseable {
    JsonNode stacks();

    /** What one path of the HTTP API tells of a stack. */
    enum StackPart {
        STACK("stack", ""),
        /** The resources, and the composites that contain some of them. */
        RESOURCES("resources", "/resources"),
        DRIFT("drift", "/drift"),
        PLAN("plan", "/plan"),
        GRAPH("graph", "/graph");

        /** In the view that the state keeps. */
        final String member;
        /** Below the stack's own path. */
        final String path;

        StackPart(String member, String path) {
            this.member = member;
            this.path = path;
        }
    }

    /** @throws CommandFailure if there is no such stack, like all methods that take its name */
    JsonNode part(String stack, StackPart part);

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
