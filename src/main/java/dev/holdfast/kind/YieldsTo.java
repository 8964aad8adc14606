package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource of the given kind that refers to this resource may change the field (a schedule changes the bounds of a
 * scalable target). The field is then written if its desired value changes, but not if the observed value changes.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface YieldsTo {
    /** The kind ("ScheduledAction"). */
    String value();
}
