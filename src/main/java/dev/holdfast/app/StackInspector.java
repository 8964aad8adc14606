package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stacks of an installation, in the form of the HTTP API, from a daemon or from the state. Lists are
 * {@code {"items": [...]}}.
 */
interface StackInspector extends AutoCloseable {
    JsonNode stacks();

    /** A part of a stack, which one path of the HTTP API returns. */
    enum StackPart {
        STACK("stack", ""),
        /** The resources, and the composites that contain some of them. */
        RESOURCES("resources", "/resources"),
        DRIFT("drift", "/drift"),
        PLAN("plan", "/plan"),
        GRAPH("graph", "/graph");

        /** The member in the view that the state keeps. */
        final String member;
        /** The path below the stack's own path. */
        final String path;

        StackPart(String member, String path) {
            this.member = member;
            this.path = path;
        }
    }

    /** @throws CommandFailure if there is no such stack, like all methods that take its name */
    JsonNode part(String stack, StackPart part);

    /** All kept events with ids after the given one, oldest first. */
    JsonNode events(String stack, long after);

    /** The open alerts of the installation as a whole. */
    JsonNode installationAlerts();

    /** The commits, the newest first. */
    JsonNode revisions(String stack);

    /** One line about the source and the age of the data; null if a daemon has just sent the data. */
    @Nullable
    String source(String stack);

    /** The name of the installation's only stack. @throws CommandFailure if it has none or several */
    String onlyStack();

    @Override
    void close();
}
