package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** AWS takes the field only where another field of the same record has one of these values. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface OnlyWith {
    /** The name of the other component. */
    String field();

    /** As on the wire; empty: the other field is absent. */
    String[] value();
}
