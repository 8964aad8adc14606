package dev.holdfast.kind;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The kind of resource that a resource hangs at.
 *
 * @param id the physical id of the parent, by the spec of the child
 */
public record ParentKind<S extends Record>(String kind, Function<S, @Nullable String> id) {}
