package dev.holdfast.engine;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.TestKinds;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A kind, one method of which throws an exception that nobody foresaw, for some arguments. */
final class BrokenKind {
    private final String kind;
    private final String method;
    private final Predicate<List<Object>> breaks;
    private final AtomicInteger thrown = new AtomicInteger();

    BrokenKind(String kind, String method, Predicate<List<Object>> breaks) {
        this.kind = kind;
        this.method = method;
        this.breaks = breaks;
    }

    /** All kinds, with the broken one in the place of the real one. */
    KindCatalog catalog() {
        List<Kind<?>> kinds = new ArrayList<>(TestKinds.all().all().values());
        kinds.replaceAll(each -> each.info().name().equals(kind) ? broken(each) : each);
        return new KindCatalog(kinds);
    }

    int thrown() {
        return thrown.get();
    }

    private Kind<?> broken(Kind<?> real) {
        return (Kind<?>) Proxy.newProxyInstance(
                Kind.class.getClassLoader(), new Class<?>[] {Kind.class}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method) && breaks.test(List.of(arguments))) {
                        thrown.incrementAndGet();
                        throw new IllegalStateException("nobody foresaw this");
                    }
                    try {
                        return called.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
