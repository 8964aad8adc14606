package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A container image by its tag or its digest. If the component that {@link #resolution} names is
 * {@link ImageResolution#Digest}, the engine replaces the tag by the digest that it points to, and removes that
 * component.
 *
 * <p>The engine resolves the tag, not the kind: a tag is a reference like <code>${Role/api}</code>, but to an object
 * outside of the stack. The tag is resolved before the comparison. A moved tag is therefore a pending change and no
 * drift, the plan shows the old and the new digest, and the change rolls out like any other. A kind sees only digests
 * on both sides.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Image {
    /** The name of a component of the same record, of the type {@link ImageResolution}. */
    String resolution();
}
