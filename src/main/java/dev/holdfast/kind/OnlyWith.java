package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** AWS accepts the field only if another field of the same record has one of these values. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface OnlyWith {
    /** The name of the other component. */
    String field();

    /** The values as AWS's API writes them; empty: the other field must be absent. */
    String[] value();
}
