package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The number is drift only if the observed value is outside the bounds that a resource of another kind sets. It is then
 * set to the nearest bound. A bound that {@link YieldsTo} permits another resource to change, such as a schedule, counts
 * as AWS shows it, and every other bound as its document declares it. Without such a resource, the field is compared as
 * usual.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Band {
    /** The kind that sets the bounds ("ScalableTarget"). */
    String kind();

    /** The field of that kind that names this resource ("resourceId"). */
    String target();

    /** The output of this resource's kind that equals the value of {@link #target}. */
    String output();

    /** The field of that kind that holds the lower bound. */
    String min();

    /** The field of that kind that holds the upper bound. */
    String max();
}
