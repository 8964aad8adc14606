package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The kinds of resources that a field, or each of its elements, may refer to. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Ref {
    /** The names of the kinds; empty: any kind. */
    String[] value() default {};

    /** The output to which an id or ARN in the field corresponds; empty: the kind's default output. */
    String output() default "";

    /**
     * A cycle is legal: an unresolved part is unknown and follows one pass later. A policy omits each statement that is
     * unresolved.
     */
    boolean deferred() default false;

    /**
     * Kinds that attach the referenced resource: this resource also comes after each resource of those kinds that
     * refers to the same resource (an ECS service after the listeners of its target group).
     */
    String[] attachedBy() default {};
}
