package dev.holdfast.twin.wire;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.Buildable;

/** Reads and builds the SDK's generated classes through the classes' own descriptions of their members. */
final class Members {
    private Members() {}

    /** The value of a member that is set. A collection that is not set is null; one that is set and empty is empty. */
    static @Nullable Object value(SdkField<?> field, SdkPojo of) {
        Object value = field.getValueOrDefault(of);
        if (value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap) {
            return null;
        }
        // The only public getter generates an idempotency token if none is set, and each call generates another one.
        if (field.containsTrait(DefaultValueTrait.class) && !value.equals(field.getValueOrDefault(of))) {
            return null;
        }
        return value;
    }

    static WireException unknown(SdkPojo shape, String name) {
        return new WireException("the SDK of the twin knows no member " + name + " of "
                + shape.getClass().getName().replaceAll("^.*[.]|[$].*$", ""));
    }

    static SdkPojo build(SdkPojo builder) {
        return (SdkPojo) ((Buildable) builder).build();
    }
}
