package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A value that is absent in AWS is read as the type's empty value ({@code ""}, 0, false, no elements, a record without
 * values). A creating request omits the empty value, because AWS rejects it or gives it another meaning.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface EmptyIsNone {}
