package dev.holdfast.kind;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the names of the record components that accessors read. */
public final class Components {
    private static final Map<Class<?>, String> NAMES = new ConcurrentHashMap<>();

    private Components() {}

    /**
     * The name of the component that an accessor reads. Each call site has one lambda class, so the name is cached by
     * class.
     *
     * @throws IllegalStateException if the getter is not a method reference
     */
    public static String nameOf(Getter<?, ?> getter) {
        return NAMES.computeIfAbsent(getter.getClass(), c -> {
            try {
                Method replace = c.getDeclaredMethod("writeReplace");
                replace.setAccessible(true);
                return ((SerializedLambda) replace.invoke(getter)).getImplMethodName();
            } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a field must be named by a method reference to its accessor", e);
            }
        });
    }

    /** The names of the components that these accessors read. */
    @SafeVarargs
    public static <S> Set<String> namesOf(Getter<S, ?>... getters) {
        Set<String> names = new TreeSet<>();
        for (Getter<S, ?> getter : getters) {
            names.add(nameOf(getter));
        }
        return names;
    }
}
