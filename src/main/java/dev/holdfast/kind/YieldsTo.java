package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Where a resource of that kind points to this one, the field is that one's to move (a schedule moves the bounds of a scalable
 * target): it is written when its desired value changes, and not when the observed one does.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface YieldsTo {
    /** The kind ("ScheduledAction"). */
    String value();
}
