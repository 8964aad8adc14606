package dev.holdfast.aws;

import dev.holdfast.model.Fault;
import org.jspecify.annotations.Nullable;

/**
 * One row of a fault table: an AWS error code, and a message fragment if the code alone does not decide.
 *
 * @param code the error code as AWS sends it, in any case, without the prefix Client. or Server.
 * @param fragment a part of the message, in any case; null matches every message
 */
public record FaultRule(String code, @Nullable String fragment, Fault.Category category) {
    public static FaultRule of(String code, Fault.Category category) {
        return new FaultRule(code, null, category);
    }

    public static FaultRule of(String code, String fragment, Fault.Category category) {
        return new FaultRule(code, fragment, category);
    }
}
