package dev.holdfast.api;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who has made a request.
 *
 * @param name of a person, as the identity provider says; else in words
 * @param signedIn whether the identity provider vouches for the name
 */
record Person(String name, boolean signedIn, Set<AccessRole> roles) {
    /** The bearer of the API token: everybody who has it. */
    static final Person TOKEN = new Person("token", false, AccessRole.ALL);

    /** In the demo. */
    static final Person ANYBODY = new Person("somebody without a token", false, AccessRole.ALL);

    Person {
        roles = Set.copyOf(roles);
    }

    static Person signedIn(String name, Set<AccessRole> given) {
        EnumSet<AccessRole> roles = EnumSet.noneOf(AccessRole.class);
        roles.addAll(given);
        if (!roles.isEmpty()) {
            roles.add(AccessRole.READ);
        }
        return new Person(name, true, roles);
    }
}
