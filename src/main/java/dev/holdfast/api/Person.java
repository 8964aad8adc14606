package dev.holdfast.api;

import java.util.EnumSet;
import java.util.Set;

/**
 * The author of a request.
 *
 * @param name the name of the person according to the identity provider; if there is none, a description
 * @param signedIn whether the identity provider vouches for the name
 */
record Person(String name, boolean signedIn, Set<AccessRole> roles) {
    /** A bearer of the API token, whose name is not known. */
    static final Person TOKEN = new Person("token", false, AccessRole.ALL);

    /** A user of the demo, which needs no token. */
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
