package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The risk of a change of this field; guardrails and the operator's policy use it. Without this annotation, a
 * {@link PolicyDocument} is a {@link FieldRisk#RESOURCE_POLICY}, and a {@link Ref} to a role is a
 * {@link FieldRisk#PASSED_ROLE}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Risk {
    FieldRisk value();
}
