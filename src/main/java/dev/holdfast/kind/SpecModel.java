package dev.holdfast.kind;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The components and annotations of a spec record, or of a record inside one. Reflection finds them once; method
 * handles then read the values.
 */
public final class SpecModel {
    private static final Map<Class<?>, SpecModel> MODELS = new ConcurrentHashMap<>();
    private static final MethodType MAKE = MethodType.methodType(Record.class, Object[].class);

    private final Class<?> type;
    private final List<Field> fields;
    private final MethodHandle constructor;

    private SpecModel(Class<?> type, List<Field> fields, MethodHandle constructor) {
        this.type = type;
        this.fields = fields;
        this.constructor = constructor;
    }

    /** @throws IllegalArgumentException if the type is not a record */
    public static SpecModel of(Class<?> type) {
        SpecModel model = MODELS.get(type);
        if (model == null) {
            model = read(type);
            MODELS.put(type, model);
        }
        return model;
    }

    private static SpecModel read(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + "is not a record");
        }
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                fields.add(new Field(
                        component,
                        MethodHandles.lookup()
                                .unreflect(component.getAccessor())
                                .asType(Field.READ)));
            } catch (IllegalAccessException e) {
                throw new IllegalArgumentException(type.getName() + " must be accessible", e);
            }
        }
        return new SpecModel(type, List.copyOf(fields), constructor(type));
    }

    private static MethodHandle constructor(Class<?> type) {
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(components);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, components.length)
                    .asType(MAKE);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalArgumentException(type.getName() + " must be accessible", e);
        }
    }

    /** A record of this type; its compact constructor puts the values into the normal form. */
    public Record make(@Nullable Object... values) {
        try {
            return (Record) constructor.invokeExact(values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw failed(type.getSimpleName(), e);
        }
    }

    /** A copy in which one component has another value. */
    public static <R extends Record, V> R with(R record, Getter<R, V> component, V value) {
        SpecModel model = of(record.getClass());
        String name = Components.nameOf(component);
        Object[] values = model.fields().stream()
                .map(f -> f.name().equals(name) ? value : f.read(record))
                .toArray();
        @SuppressWarnings("unchecked") // the constructor is that of the record's own class
        R copy = (R) model.make(values);
        return copy;
    }

    private static IllegalStateException failed(String name, Throwable cause) {
        return new IllegalStateException(name + " failed", cause);
    }

    public Class<?> type() {
        return type;
    }

    public List<Field> fields() {
        return fields;
    }

    public Optional<Field> field(String name) {
        return fields.stream().filter(f -> f.name().equals(name)).findFirst();
    }

    /** The one component that carries this annotation, if any does. */
    public Optional<Field> with(Class<? extends Annotation> annotation) {
        return fields.stream().filter(f -> f.has(annotation)).findFirst();
    }

    /** The description of a component; empty if it has none. */
    public static String doc(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        Setting setting = component.getAnnotation(Setting.class);
        return doc != null ? doc.value() : setting != null ? setting.value() : "";
    }

    /** One component of a record. */
    public record Field(RecordComponent component, MethodHandle handle) {
        /** One type for all components, so that the call is exact and needs no conversion. */
        private static final MethodType READ = MethodType.methodType(Object.class, Record.class);

        public String name() {
            return component.getName();
        }

        public Type type() {
            return component.getGenericType();
        }

        public Class<?> raw() {
            return component.getType();
        }

        public boolean has(Class<? extends Annotation> annotation) {
            return component.isAnnotationPresent(annotation);
        }

        public <A extends Annotation> @Nullable A get(Class<A> annotation) {
            return component.getAnnotation(annotation);
        }

        public @Nullable Object read(Record record) {
            try {
                return handle.invokeExact(record);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw failed(name(), e);
            }
        }

        public boolean isCollection() {
            return Collection.class.isAssignableFrom(raw());
        }

        public boolean isMap() {
            return Map.class.isAssignableFrom(raw());
        }

        /** The class of a collection's elements or a map's values. */
        public Class<?> element() {
            return element(type());
        }

        /** Whether the order matters: in a list whose elements have no key, or whose key is declared as ordered. */
        public boolean ordered() {
            Key key = get(Key.class);
            return List.class.isAssignableFrom(raw())
                    && (key == null ? !Keyed.class.isAssignableFrom(element()) : key.ordered());
        }

        static Class<?> element(Type type) {
            if (type instanceof ParameterizedType p) {
                Type last = p.getActualTypeArguments()[p.getActualTypeArguments().length - 1];
                return last instanceof Class<?> c
                        ? c
                        : last instanceof ParameterizedType q ? (Class<?>) q.getRawType() : Object.class;
            }
            return Object.class;
        }
    }
}
