package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Drift only when the observed version does not begin with the desired one ("15" matches 15.7), and differs from it by more
 * than higher numbers after the major version (15.10 matches 15.13): AWS raises these by itself.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface VersionPrefix {
    /**
     * How many of the leading numbers AWS never raises by itself; 0: all but the last one that the document says, for a service
     * whose engines count differently.
     */
    int major() default 0;
}
