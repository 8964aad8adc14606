package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * AWS rejects the field together with any of these fields of the same record. If one field is desired, an excluded
 * field that the documents no longer own is therefore removed, and the plan shows no release.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Excludes {
    /** Names of components. */
    String[] value();
}
