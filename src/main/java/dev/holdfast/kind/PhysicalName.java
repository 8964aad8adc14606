package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name in AWS: the spec sets it, or the engine generates it. Immutable, and unique in AWS. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface PhysicalName {
    /** The longest name that the service accepts, in characters. */
    int max();

    /** The characters that the service accepts in this name, in addition to letters, digits and hyphens. */
    String also() default "";

    /** The service accepts lower case only. */
    boolean lower() default false;

    /** The name has to begin with a letter. */
    boolean letterFirst() default false;

    /** A prefix that the name must not have, in lower or upper case ("sg-"); empty: no such prefix. */
    String notPrefix() default "";
}
