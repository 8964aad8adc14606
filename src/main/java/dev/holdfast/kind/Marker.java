package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The text that carries the ownership of a resource whose kind has no tags: the text of the document, followed by the
 * ownership ({@link StackRef#marker}). The component is always owned.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Marker {
    /** The longest text that the service accepts, in characters, including the ownership. */
    int max();
}
