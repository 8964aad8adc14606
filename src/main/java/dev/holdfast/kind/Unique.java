package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * AWS allows only one resource with this value. If a replacement keeps the value, the old resource is deleted first.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Unique {
    /**
     * The component of the same record that limits the uniqueness: a subnet's range is unique within its VPC. Empty:
     * the value is unique in all of AWS.
     */
    String within() default "";
}
