package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * AWS takes one form of a thing only: if one of the named fields is desired, this one does not stay when the documents no longer
 * own it. The plan then shows that it is removed, and not that it is released.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface GivesWayTo {
    /** Names of components of the same spec. */
    String[] value();
}
