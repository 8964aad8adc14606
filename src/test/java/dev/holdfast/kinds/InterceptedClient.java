package dev.holdfast.kinds;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isDefaultMethod;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Modifier;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.InvocationHandlerAdapter;

/**
 * An SDK client that passes all calls to a handler. {@link java.lang.reflect.Proxy} fails for an interface as large as
 * EC2's.
 */
public final class InterceptedClient {
    private static final ClassValue<Class<?>> CLASSES = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> api) {
            return new ByteBuddy()
                    .subclass(Object.class)
                    .implement(api)
                    .defineField("handler", InvocationHandler.class, Modifier.PUBLIC)
                    .method(isAbstract().or(isDefaultMethod()))
                    .intercept(InvocationHandlerAdapter.toField("handler").withoutMethodCache())
                    .make()
                    .load(api.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                    .getLoaded();
        }
    };

    private InterceptedClient() {}

    public static <C> C of(Class<C> api, InvocationHandler handler) {
        try {
            Class<?> type = CLASSES.get(api);
            Object client = type.getConstructor().newInstance();
            type.getField("handler").set(client, handler);
            return api.cast(client);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
