package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A container image by its tag or its digest. Where the component that {@link #resolution} names says {@link ImageResolution#Digest},
 * the engine puts the digest in the tag's place that the tag stands for now, and takes that component away.
 *
 * <p>It is the engine's work and not a kind's: the tag is a reference like <code>${Role/api}</code>, only to something outside
 * of the stack. Resolved before anything is compared, a moved tag is a changed desired side (and no drift), shows in the plan
 * as one digest and another, and rolls out as any change does; a kind sees digests only, on both sides.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Image {
    /** The component beside it, of the type {@link ImageResolution}. */
    String resolution();
}
