package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** AWS allows one resource with this value: where a replacement keeps it, the old one is deleted first. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Unique {
    /** The component of the same record within whose value it is unique, a subnet's range within its VPC; empty: in all AWS. */
    String within() default "";
}
