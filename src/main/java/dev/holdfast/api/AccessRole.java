package dev.holdfast.api;

import java.util.EnumSet;
import java.util.Set;

/** What a person may do. Who may do anything may read. */
enum AccessRole {
    READ,
    OPERATE,
    APPROVE;

    static final Set<AccessRole> ALL = EnumSet.allOf(AccessRole.class);

    /** @param path as the server normalised it */
    static AccessRole wanted(String method, String path) {
        if (method.equals("GET") || method.equals("HEAD")) {
            return READ;
        }
        return path.startsWith("/api/v1/stacks/") && path.endsWith("/approvals") ? APPROVE : OPERATE;
    }

    /** As people write it. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
