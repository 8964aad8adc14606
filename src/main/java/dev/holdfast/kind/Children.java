package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A collection of objects that are attached to the resource and have no document. If a document owns the component, its
 * list is exclusive, unless the kind defines an exception. If no document owns it, each element is reported as
 * Unexpected and stays.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Children {
    /**
     * The output that names the elements that Holdfast keeps although a document owns the component. They are reported
     * too.
     */
    String leftAlone() default "";
}
