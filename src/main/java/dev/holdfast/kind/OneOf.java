package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** AWS accepts exactly one of these fields of the record. */
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(OneOf.Several.class)
@Target({ElementType.TYPE})
public @interface OneOf {
    /** Names of components. */
    String[] value();

    /** Holds several rules of one record. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE})
    @interface Several {
        OneOf[] value();
    }
}
