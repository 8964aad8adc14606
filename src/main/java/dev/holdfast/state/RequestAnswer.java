package dev.holdfast.state;

import java.time.Instant;

/**
 * What became of a request.
 *
 * @param id of the request
 * @param carriedOut false: it was refused as a whole or in part
 * @param message in words, for the person who made the request
 */
public record RequestAnswer(String id, Instant at, boolean carriedOut, String message) {}
