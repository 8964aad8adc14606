package dev.holdfast.api;

import java.util.EnumSet;
import java.util.Set;

/** What a person may do. Who may do anything may read. */
enum AccessRole {
    READ,
    OPERATE,
    APPROVE;

    static final Set<AccessRole> ALL = EnumSet.allOf(AccessRole.class);

    /**
     * Any of these may.
     *
     * @param path as the server normalised it
     */
    static Set<AccessRole> wanted(String method, String path) {
        if (method.equals("GET") || method.equals("HEAD")) {
            return EnumSet.of(READ);
        }
        if (path.startsWith("/api/v1/stacks/") && path.endsWith("/approvals")) {
            return EnumSet.of(APPROVE);
        }
        // A plan changes nothing, and costs a read of the whole stack.
        return path.startsWith("/api/v1/stacks/") && path.endsWith("/rollback-plan")
                ? EnumSet.of(OPERATE, APPROVE)
                : EnumSet.of(OPERATE);
    }

    /** As people write it. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
