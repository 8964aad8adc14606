package dev.holdfast.plan;

import dev.holdfast.kind.Band;
import dev.holdfast.kind.Floor;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.VersionPrefix;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The observed values that differ from the desired ones without a difference: another controller moves a number within
 * its bounds, and AWS raises versions.
 *
 * @param bounds by the name of a field
 */
record Tolerance(Map<String, DiffInput.Bounds> bounds) {
    boolean accepts(Field field, Object desired, @Nullable Object observed) {
        if (observed == null) {
            return false;
        }
        DiffInput.Bounds within = bounds.get(field.name());
        if (field.has(Band.class) && within != null) {
            return within.contains(((Number) observed).longValue());
        }
        if (field.has(Floor.class)) {
            return ((Number) observed).doubleValue() >= ((Number) desired).doubleValue();
        }
        VersionPrefix prefix = field.get(VersionPrefix.class);
        return prefix != null && SpecValues.isVersionOf(observed.toString(), desired.toString(), prefix.major());
    }

    /** The value to write: the bound that is nearest to the observed value, or the desired value. */
    Object nearest(Field field, Object desired, @Nullable Object observed) {
        DiffInput.Bounds within = bounds.get(field.name());
        return field.has(Band.class) && within != null && observed instanceof Number n
                ? (Object) within.nearest(n.longValue())
                : desired;
    }
}
