package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a field (or each element of it) may point to. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Ref {
    /** Kinds; none: any. */
    String[] value() default {};

    /** The output that a bare id or ARN of that kind would be; empty for the kind's default output. */
    String output() default "";

    /**
     * A circle is legal: the unresolved part is unknown and follows a pass later. Of a policy, a statement is left out until it
     * is known.
     */
    boolean deferred() default false;

    /**
     * Kinds that attach what is pointed to: this resource also comes after each resource of those kinds that points to the
     * same one (an ECS service after the listeners of its target group).
     */
    String[] attachedBy() default {};
}
