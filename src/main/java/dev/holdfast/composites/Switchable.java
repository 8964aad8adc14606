package dev.holdfast.composites;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a part of a composite that {@code true} or {@code false} switches on or off. The component's record has a
 * component {@code enabled}, and {@code false} is short for {@code { "enabled": false }}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Switchable {}
