package dev.holdfast.desired;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.composites.Switchable;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.WriteOnly;
import dev.holdfast.kind.wire.Texts;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shapes from Java types, looked up once a type. */
final class Shapes {

    static final ClassValue<Map<String, Shape.Field>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, Shape.Field> computeValue(Class<?> type) {
            Map<String, Shape.Field> fields = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                Shape.Field field = field(component);
                fields.put(field.name(), field);
            }
            return Collections.unmodifiableMap(fields);
        }
    };

    private Shapes() {}

    private static Shape.Field field(RecordComponent component) {
        Method accessor = component.getAccessor();
        JsonProperty renamed = accessor.getAnnotation(JsonProperty.class);
        Doc doc = component.getAnnotation(Doc.class);
        return new Shape.Field(
                renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value(),
                shape(component),
                doc == null ? "" : doc.value(),
                component.isAnnotationPresent(Required.class),
                component.isAnnotationPresent(Immutable.class),
                component.isAnnotationPresent(Sensitive.class) || component.isAnnotationPresent(WriteOnly.class),
                component.isAnnotationPresent(Switchable.class),
                component.getAnnotation(Ref.class),
                component.getAnnotation(PhysicalName.class),
                component.getAnnotation(Range.class),
                component.getAnnotation(Form.class));
    }

    private static Shape shape(RecordComponent component) {
        Offers offers = component.getAnnotation(Offers.class);
        if (offers == null) {
            return of(component.getGenericType());
        }
        Shape choice = new Shape.Choice(List.of(offers.value()));
        return of(component.getGenericType()) instanceof Shape.Many many
                ? new Shape.Many(choice, many.distinct())
                : choice;
    }

    private static Shape of(Type type) {
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0]);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            if (Collection.class.isAssignableFrom(raw)) {
                return new Shape.Many(of(arguments[0]), Set.class.isAssignableFrom(raw));
            }
            if (Map.class.isAssignableFrom(raw)) {
                return new Shape.Table(of(arguments[1]));
            }
        }
        return type instanceof Class<?> c ? ofClass(c) : new Shape.Any();
    }

    private static Shape ofClass(Class<?> type) {
        if (type.isRecord()) {
            return new Shape.Fields(type);
        }
        if (type.isEnum()) {
            return new Shape.Choice(Texts.offered(type).stream()
                    .map(constant -> Specs.json(constant).asText())
                    .toList());
        }
        if (type == String.class) {
            return new Shape.Scalar(Shape.Scalar.Type.TEXT, "a string");
        }
        if (type == Boolean.class || type == boolean.class) {
            return new Shape.Scalar(Shape.Scalar.Type.BOOLEAN, "true or false");
        }
        if (List.of(Integer.class, int.class, Long.class, long.class, BigInteger.class)
                .contains(type)) {
            return new Shape.Scalar(Shape.Scalar.Type.WHOLE, "a whole number");
        }
        if (List.of(Double.class, double.class, Float.class, float.class, BigDecimal.class)
                .contains(type)) {
            return new Shape.Scalar(Shape.Scalar.Type.NUMBER, "a number");
        }
        return new Shape.Any();
    }
}
