package dev.holdfast.state;

import java.time.Instant;

/**
 * The result of a request.
 *
 * @param id the id of the request
 * @param carriedOut false if the request was refused as a whole or in part
 * @param message the result in words, for the person who made the request
 */
public record RequestAnswer(String id, Instant at, boolean carriedOut, String message) {}
