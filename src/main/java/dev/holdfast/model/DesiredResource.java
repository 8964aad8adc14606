package dev.holdfast.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One resource of a revision, after patching, expansion and the substitution of params.
 *
 * @param spec as written, with {@code ${Kind/name.output}} references still in it; absent fields are unowned
 * @param dependsOn declared in metadata (references come on top)
 * @param owner the composite that it came from, or null
 * @param region where it lives if not in the stack's region
 */
public record DesiredResource(
        ResourceId id,
        ObjectNode spec,
        Lifecycle lifecycle,
        Set<ResourceId> dependsOn,
        @Nullable ResourceId owner,
        @Nullable String region,
        Map<String, String> labels) {}
