package dev.holdfast.kind;

import java.io.Serializable;
import java.util.function.Function;

/** A record's accessor as a value, {@code Spec::ingress}, from which the component's name can be read. */
@FunctionalInterface
public interface Getter<S, T> extends Function<S, T>, Serializable {}
