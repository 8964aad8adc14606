package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list of name and value or a map whose desired values are shown, and whose observed values, where they differ, are masked unless
 * the stack sets {@code showEnvironment}; put on the value component. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Environment {}
