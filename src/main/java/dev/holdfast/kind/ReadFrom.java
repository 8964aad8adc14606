package dev.holdfast.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The component is read from another place of the shape than the member of its name. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface ReadFrom {
    /** Member names with dots between them; through a list, every element's. The first place counts that has a value. */
    String[] value();
}
