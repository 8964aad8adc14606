package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the elements of a list pair, observed with desired: by these components. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Key {
    /** Names of components of the element record. */
    String[] value();

    /**
     * Whether the order of the list matters: it is compared place by place. The key tells then which element of AWS's an element
     * replaces, so that members survive that the document does not set.
     */
    boolean ordered() default false;
}
