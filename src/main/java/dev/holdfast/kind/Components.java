package dev.holdfast.kind;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The names of the components that accessors read. */
public final class Components {
    private static final Map<Class<?>, String> NAMES = new ConcurrentHashMap<>();

    private Components() {}

    /**
     * The component that an accessor reads. A lambda class is made once a call site, so its name is looked up once.
     *
     * @throws IllegalStateException if it is no method reference
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

    /** The components that accessors read. */
    @SafeVarargs
    public static <S> Set<String> namesOf(Getter<S, ?>... getters) {
        Set<String> names = new TreeSet<>();
        for (Getter<S, ?> getter : getters) {
            names.add(nameOf(getter));
        }
        return names;
    }
}
