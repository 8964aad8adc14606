package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Drift only when the observed number is outside the bounds that resources of another kind set; sent as the nearest bound. Without such a resource it is compared as usual. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Band {
    /** The kind that sets the bounds ("ScalableTarget"). */
    String kind();

    /** That kind's field which names this resource ("resourceId"). */
    String target();

    /** The output of this resource's kind that it is compared with. */
    String output();

    /** That kind's field with the lower bound. */
    String min();

    /** That kind's field with the upper bound. */
    String max();
}
