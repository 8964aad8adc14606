package dev.holdfast.api;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The roles of a person. A person who has any role may also read. */
enum AccessRole {
    READ,
    OPERATE,
    APPROVE;

    static final Set<AccessRole> ALL = EnumSet.allOf(AccessRole.class);

    /**
     * The roles of which a person needs at least one before the gate admits the request. {@link RoleFilter} checks
     * afterwards that the person has the role of the method that answers the request.
     */
    static Set<AccessRole> admitted(String method) {
        return method.equals("GET") || method.equals("HEAD") ? EnumSet.of(READ) : EnumSet.of(OPERATE, APPROVE);
    }

    /** @return why the person may not make a request that needs one of the roles; null if the person has one of them */
    static @Nullable String missing(Set<AccessRole> needed, Person person) {
        return needed.stream().anyMatch(person.roles()::contains)
                ? null
                : person.name() + " has signed in and lacks the role " + words(needed, AccessRole::word) + "; "
                        + words(needed, role -> "HOLDFAST_OIDC_" + role.name())
                        + " of this operator lists the claim values that give it";
    }

    private static String words(Set<AccessRole> roles, Function<AccessRole, String> word) {
        return roles.stream().sorted().map(word).collect(Collectors.joining(" or "));
    }

    /** The role as people write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
