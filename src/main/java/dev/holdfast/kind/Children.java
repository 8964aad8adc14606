package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A collection of what hangs at the resource and has no document of its own. Where a document owns the component, its list is
 * exclusive, unless the kind says otherwise; where no document owns it, each element is reported as Unexpected and stays.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Children {
    /** The output that names the elements which a document that owns the component leaves alone: they are reported too. */
    String leftAlone() default "";
}
