package dev.holdfast.kind;

import java.io.Serializable;
import java.util.function.Function;

/** A method reference to a record's accessor ({@code Spec::ingress}), from which the component's name can be read. */
@FunctionalInterface
public interface Getter<S, T> extends Function<S, T>, Serializable {}
