package dev.holdfast.store;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a record that was read from a stored object is complete. The object may have been edited by hand, and a
 * JSON mapper puts null into each component that the object lacks.
 */
public final class CompleteRecord {
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            return components == null ? new RecordComponent[0] : components;
        }
    };

    private CompleteRecord() {}

    /**
     * @param value the record that a mapper returned for the whole object
     * @throws IOException if the value, a component that is not marked as nullable, or an element is null
     */
    public static <T> T of(@Nullable T value) throws IOException {
        if (value == null) {
            throw new IOException("the object is null");
        }
        check(value, "");
        return value;
    }

    private static void check(@Nullable Object value, String path) throws IOException {
        switch (value) {
            case null -> throw new IOException(path + " is missing");
            case Record part -> {
                for (RecordComponent component : COMPONENTS.get(part.getClass())) {
                    Object inner = read(component, part);
                    if (inner != null || !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                        check(inner, path + "/" + component.getName());
                    }
                }
            }
            case Collection<?> elements -> {
                for (Object element : elements) {
                    check(element, path + "/-");
                }
            }
            case Map<?, ?> members -> {
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    check(member.getValue(), path + "/" + member.getKey());
                }
            }
            default -> {}
        }
    }

    private static @Nullable Object read(RecordComponent component, Record of) throws IOException {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IOException(component.getName() + " cannot be read", e);
        }
    }
}
