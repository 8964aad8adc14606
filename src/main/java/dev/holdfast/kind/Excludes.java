package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * AWS refuses the field together with any of these fields of the same record. Therefore, if one of the two is desired, the other
 * one does not stay when the documents no longer own it: the plan shows that it is removed, and not that it is released.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Excludes {
    /** Names of components. */
    String[] value();
}
