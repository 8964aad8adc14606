package dev.holdfast.kind;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The kind of resource to which a resource is attached.
 *
 * @param id computes the physical id of the parent from the spec of the child
 */
public record ParentKind<S extends Record>(String kind, Function<S, @Nullable String> id) {}
