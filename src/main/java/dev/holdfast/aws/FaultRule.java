package dev.holdfast.aws;

import dev.holdfast.model.Fault;
import org.jspecify.annotations.Nullable;

/**
 * One row of a fault table: an AWS error code, and a message fragment where the code says too little.
 *
 * @param code exactly as on the wire
 * @param fragment part of the message, case ignored; null matches every message
 */
public record FaultRule(String code, @Nullable String fragment, Fault.Category category) {
    public static FaultRule of(String code, Fault.Category category) {
        return new FaultRule(code, null, category);
    }

    public static FaultRule of(String code, String fragment, Fault.Category category) {
        return new FaultRule(code, fragment, category);
    }
}
