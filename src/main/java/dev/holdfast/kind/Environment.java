package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A list of name and value, or a map. Its desired values are shown. An observed value that differs is masked unless the
 * stack sets {@code showEnvironment}. In a list, the value component carries the annotation.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Environment {}
