package dev.holdfast.twin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request that reached the twin.
 *
 * @param sequence from 1, in the order in which they were answered
 * @param at by the twin's clock
 * @param caller its access key id, {@code anonymous} if it was not signed
 * @param app of its User-Agent's {@code app/...}; null if it has none
 * @param operation {@code ec2:DescribeVpcs}
 * @param tookEffect whether the twin carried it out, whatever the caller heard of it
 * @param status of HTTP; 0 if the connection was cut instead
 * @param error the code on the wire; {@code ConnectionCut} if nothing was sent; null if it went well
 */
public record LoggedRequest(
        long sequence,
        Instant at,
        String caller,
        @Nullable String app,
        String account,
        String region,
        String operation,
        boolean write,
        boolean tookEffect,
        int status,
        @Nullable String error) {
    LoggedRequest withSequence(long number) {
        return new LoggedRequest(number, at, caller, app, account, region, operation, write, tookEffect, status, error);
    }
}
