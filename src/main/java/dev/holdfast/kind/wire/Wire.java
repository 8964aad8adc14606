package dev.holdfast.kind.wire;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Exclusions;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.NotSent;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Copies values between a spec record and the SDK's shapes: a component and a member belong together if they have the same
 * name, case ignored. {@code @WireName} names another member, {@code @ReadFrom} a place in the shape that is read,
 * {@code @NotSent} a component that no request takes.
 *
 * <p>Which member belongs to which component is found once per pair of classes; a call uses cached handles only.
 */
public final class Wire {
    private Wire() {}

    /** Sets every member of a creating request for which the spec has a value. {@code Tagging} sets the tags. */
    public static <B extends SdkPojo> B fill(B request, Record spec) {
        return fill(request, null, spec, component -> true, false);
    }

    /**
     * Sets the members that belong to some components.
     *
     * @param components selects the components by name
     * @param clears whether an empty value is sent, to clear the value in AWS; false: an empty {@code @EmptyIsNone}
     *     value is omitted
     */
    public static <B extends SdkPojo> B fill(B request, Record spec, Predicate<String> components, boolean clears) {
        return fill(request, null, spec, components, clears);
    }

    /**
     * The same for a call that replaces nested structures as a whole: each keeps the members that the spec does not
     * describe.
     *
     * @param there a shape with the observed structures; null: no members are kept
     */
    public static <B extends SdkPojo> B fill(
            B request, @Nullable SdkPojo there, Record spec, Predicate<String> components, boolean clears) {
        for (Pairing pair : Pairing.of(spec.getClass(), request)) {
            Field field = pair.field();
            SdkField<?> member = pair.member();
            if (member == null || field.has(NotSent.class) || !components.test(field.name())) {
                continue;
            }
            Object value = field.read(spec);
            if (value == null) {
                continue;
            }
            if (!clears && field.has(EmptyIsNone.class) && Texts.isEmpty(value)) {
                if (there != null) {
                    member.set(request, null);
                }
                continue;
            }
            Object old = there == null ? null : SdkShapes.get(there, member.memberName());
            Object sent = ToSdk.value(member, value, old, field.get(Key.class));
            if (sent != null) {
                member.set(request, sent);
                if (there != null) {
                    giveWay(request, spec, field);
                }
            }
        }
        return request;
    }

    /** Removes the members that the set field excludes, unless the spec sets them. */
    private static void giveWay(SdkPojo request, Record spec, Field set) {
        List<Field> excluded = Exclusions.of(set, spec.getClass());
        for (Pairing other : Pairing.of(spec.getClass(), request)) {
            if (other.member() != null && other.field().read(spec) == null && excluded.contains(other.field())) {
                other.member().set(request, null);
            }
        }
    }

    /** Removes the members that belong to some components, so that the request omits them. */
    public static void clear(SdkPojo request, Class<? extends Record> spec, Predicate<String> components) {
        for (Pairing pair : Pairing.of(spec, request)) {
            if (pair.member() != null && components.test(pair.field().name())) {
                pair.member().set(request, null);
            }
        }
    }

    /**
     * Sets the members that belong to some components to the spec's values, and removes those for which the spec has no
     * value.
     */
    public static void overlay(SdkPojo request, Record spec, Predicate<String> components) {
        clear(request, spec.getClass(), components);
        fill(request, spec, components, false);
    }

    /** The names of the components that have a member in the request, without tags and {@code @NotSent} components. */
    public static Set<String> covered(Class<? extends Record> spec, SdkPojo request) {
        Set<String> covered = new TreeSet<>();
        for (Pairing pair : Pairing.of(spec, request)) {
            if (pair.member() != null && !pair.field().has(NotSent.class)) {
                covered.add(pair.field().name());
            }
        }
        return covered;
    }

    /** Sets one member by its name, case ignored; does nothing if the shape has no such member. */
    public static void set(SdkPojo shape, String member, Object value) {
        SdkField<?> field = SdkShapes.member(shape, member);
        if (field != null) {
            field.set(shape, ToSdk.value(field, value));
        }
    }

    /** Sets the request's tags in the form that it accepts; does nothing if it has no tags. */
    public static void tag(SdkPojo request, Map<String, String> tags) {
        set(request, "tags", tags);
    }

    /**
     * Reads a spec from shapes: each component from the first shape that has a value for its member.
     *
     * @param known values from other sources, by component; they take precedence
     */
    public static <S extends Record> S read(Class<S> type, Map<String, ?> known, List<? extends SdkPojo> shapes) {
        SpecModel model = SpecModel.of(type);
        List<Object> values = new ArrayList<>();
        for (Field field : model.fields()) {
            Object value = known.get(field.name());
            for (int i = 0; value == null && !known.containsKey(field.name()) && i < shapes.size(); i++) {
                value = FromSdk.component(field, shapes.get(i));
            }
            values.add(value == null && field.has(EmptyIsNone.class) ? Texts.empty(field.raw()) : value);
        }
        return type.cast(model.make(values.toArray()));
    }

    /** A component's value, converted from a shape of its members or from the value that the service returned. */
    public static @Nullable Object value(Field field, @Nullable Object value) {
        return value == null ? null : FromSdk.value(field.type(), value);
    }

    /** A component's value in a shape; null if the shape has no such member or no value for it. */
    public static @Nullable Object component(Field field, SdkPojo shape) {
        return FromSdk.component(field, shape);
    }

    /** Whether a component's value is empty: no text, no elements, false, 0, or a record of such values. */
    public static boolean isEmpty(Object value) {
        return Texts.isEmpty(value);
    }

    /** Reads a spec from one shape. */
    public static <S extends Record> S read(Class<S> type, SdkPojo shape) {
        return read(type, Map.of(), List.of(shape));
    }
}
