package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The component is not read from the member of its name, but from another place of the shape. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface ReadFrom {
    /**
     * Paths of member names, separated by dots. A path through a list yields the value of each element. The first path
     * that has a value counts.
     */
    String[] value();
}
