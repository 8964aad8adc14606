package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A change of the field replaces the resource. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Immutable {
    /**
     * If true, only a value that is already set is immutable: a field without a value can be set without a replacement.
     * Allowed only on components of the spec record itself.
     */
    boolean onceSet() default false;
}
