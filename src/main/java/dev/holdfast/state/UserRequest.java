package dev.holdfast.state;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that a person made for a stack.
 *
 * @param id a unique id
 * @param at when the request was made, by the clock of the process that accepted it
 * @param by the author: a person who has signed in, an AWS identity, or the bearer of the API token
 * @param person the person who has signed in; null if nobody has, and {@code by} is only a claim
 * @param proof the proof that the operator has stored the request in the name of the person: {@link RequestProof}
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
