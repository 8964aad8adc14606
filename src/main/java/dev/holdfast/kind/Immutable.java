package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A change means replace. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Immutable {
    /** Only what is set cannot be changed: where nothing is, a value can be given in place. Of components of the spec itself. */
    boolean onceSet() default false;
}
