package dev.holdfast.state;

import java.time.Instant;
import java.util.UUID;

/**
 * What a person asked of a stack.
 *
 * @param id unique
 * @param at by the clock of the process that accepted it
 * @param by who made it: an AWS identity, or the bearer of the API token
 */
public record UserRequest(String id, Instant at, String by, RequestedAct act) {
    public static UserRequest of(Instant at, String by, RequestedAct act) {
        return new UserRequest(UUID.randomUUID().toString(), at, by, act);
    }
}
