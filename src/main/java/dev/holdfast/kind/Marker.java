package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The text that says whose the resource is, for a kind that has no tags: what the document says, and after it the ownership
 * ({@link StackRef#marker}). The component is always owned.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Marker {
    /** The longest text that the service takes, in characters, the ownership included. */
    int max();
}
