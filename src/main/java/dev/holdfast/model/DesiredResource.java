package dev.holdfast.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One resource of a revision, after patching, expansion and the substitution of params.
 *
 * @param spec as written, with {@code ${Kind/name.output}} references unresolved; absent fields are unowned
 * @param dependsOn the resources that metadata names (the references in spec count in addition)
 * @param owner the composite that contains the resource, or null
 * @param region the resource's region if it differs from the stack's
 */
public record DesiredResource(
        ResourceId id,
        ObjectNode spec,
        Lifecycle lifecycle,
        Set<ResourceId> dependsOn,
        @Nullable ResourceId owner,
        @Nullable String region,
        Map<String, String> labels) {
    /**
     * The former id of the resource in this stack, whose object it takes over; null if the document names none. The
     * document names it in lifecycle.id, in the form {@code Kind/name}, and permits the adoption.
     */
    public @Nullable ResourceId formerId() {
        String named = lifecycle.id();
        String kind = id.kind() + "/";
        return lifecycle.adopt() == Lifecycle.Adopt.IfUnowned
                        && named != null
                        && named.startsWith(kind)
                        && named.length() > kind.length()
                ? ResourceId.parse(named)
                : null;
    }

    /** The physical id of the object to adopt; null if the name identifies it, or if none is to be adopted. */
    public @Nullable String adoptedId() {
        return formerId() == null ? lifecycle.id() : null;
    }
}
