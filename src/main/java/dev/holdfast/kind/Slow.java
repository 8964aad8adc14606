package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a slow facet: AWS returns it for one resource at a time, so that it is read in turn (see
 * {@link Scope#slow}).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Slow {
    /** The name of the facet in the status. */
    String value();
}
