package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Absent in AWS reads as the type's empty value ({@code ""}, 0, false, no elements, a record made of nothing), and the empty
 * value is not sent when the resource is created: AWS refuses it, or takes it for something else.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface EmptyIsNone {}
