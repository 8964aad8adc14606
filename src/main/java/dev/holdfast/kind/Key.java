package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The components by which the observed and the desired elements of a list are paired. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Key {
    /** Names of components of the element record. */
    String[] value();

    /**
     * Whether the order of the list matters, so that it is compared by position. The key then only finds the observed
     * element that an element replaces, so that members that the document does not set keep their values.
     */
    boolean ordered() default false;
}
