package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A version is no drift if it begins with the desired version ("15" matches 15.7), or differs only by higher numbers
 * after the major version (15.10 matches 15.13), because AWS raises these numbers itself. A newer major version is
 * shown, and the older one is never requested, because AWS refuses it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface VersionPrefix {
    /**
     * The count of leading numbers that AWS never raises itself; 0: all numbers in the document except the last, for a
     * service whose engines number their versions differently.
     */
    int major() default 0;

    /** The component with the name of the software; versions of different software are not compared. */
    String of() default "engine";

    /** The components whose values fit only one major version; they stay as they are under a newer major version. */
    String[] fits() default {};
}
