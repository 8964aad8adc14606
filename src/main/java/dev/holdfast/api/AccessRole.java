package dev.holdfast.api;

import java.util.EnumSet;
import java.util.Set;

/** The roles of a person. A person who has any role may also read. */
enum AccessRole {
    READ,
    OPERATE,
    APPROVE;

    static final Set<AccessRole> ALL = EnumSet.allOf(AccessRole.class);

    /**
     * The roles of which one suffices for a request.
     *
     * @param path the path as the server normalised it
     */
    static Set<AccessRole> wanted(String method, String path) {
        if (method.equals("GET") || method.equals("HEAD")) {
            return EnumSet.of(READ);
        }
        if (path.startsWith("/api/v1/stacks/") && path.endsWith("/approvals")) {
            return EnumSet.of(APPROVE);
        }
        // A plan changes nothing, but it costs a read of the whole stack.
        return path.startsWith("/api/v1/stacks/") && path.endsWith("/rollback-plan")
                ? EnumSet.of(OPERATE, APPROVE)
                : EnumSet.of(OPERATE);
    }

    /** The role as people write it. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
