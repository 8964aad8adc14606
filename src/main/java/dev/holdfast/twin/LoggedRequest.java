package dev.holdfast.twin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request that reached the twin.
 *
 * @param sequence the place of the request in the order of the answers, from 1
 * @param at the time by the twin's clock
 * @param caller the access key id; {@code anonymous} if the request was not signed
 * @param app the value of {@code app/...} in the User-Agent header; null if the header has none
 * @param operation such as {@code ec2:DescribeVpcs}
 * @param tookEffect whether the twin carried the request out, even if the caller received no answer
 * @param status the HTTP status; 0 if the connection was cut instead
 * @param error the error code on the wire; {@code ConnectionCut} if no answer was sent; null after a success
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
