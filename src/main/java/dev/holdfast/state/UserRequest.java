package dev.holdfast.state;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked of a stack.
 *
 * @param id unique
 * @param at by the clock of the process that accepted it
 * @param by who made it: a person who has signed in, an AWS identity, or the bearer of the API token
 * @param person who has signed in; null: nobody, and {@code by} is what the writer of the request says
 * @param proof that the operator has stored it in the name of the person: {@link RequestProof}
 */
public record UserRequest(
        String id,
        Instant at,
        String by,
        RequestedAct act,
        @Nullable String person,
        @Nullable String proof) {
    public static UserRequest of(Instant at, String by, RequestedAct act) {
        return new UserRequest(UUID.randomUUID().toString(), at, by, act, null, null);
    }

    UserRequest vouchedFor(String signedIn, @Nullable String proven) {
        return new UserRequest(id, at, by, act, signedIn, proven);
    }
}
