package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A collection whose elements grant access, such as rules of a firewall or policies of a role. A change of the documents
 * adds elements at once, and withdraws them only after every resource that uses the access is Synced and Ready: until
 * then, tasks of the former revision run, and a failed rollout returns to it. An element that another principal added
 * is drift and does not stay. In an element with a {@link PolicyDocument}, the same applies to each allowing statement.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface WithdrawnLast {
    /**
     * Whether AWS lets only one resource have an element, so that an element moves between two resources: a subnet has
     * one route table. Such an element is removed only after the resource of the same kind that desires the element has
     * it, so that the element is never without either. This also applies to drift. If no other resource desires one of
     * them, the elements are removed at once.
     */
    boolean moves() default false;

    /** The most elements that AWS accepts. If the former and the new elements together are more, none stays. */
    int elements() default Integer.MAX_VALUE;

    /** The most characters of all elements together that AWS accepts; see {@link #elements}. */
    int characters() default Integer.MAX_VALUE;
}
