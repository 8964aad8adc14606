package dev.holdfast.kind.wire;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Excludes;
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

    /** Sets every member of a creating request that the spec has a value for. Tags are left to {@code Tagging}. */
    public static <B extends SdkPojo> B fill(B request, Record spec) {
        return fill(request, null, spec, component -> true, false);
    }

    /**
     * Sets the members that belong to some components.
     *
     * @param components by name
     * @param clears whether an empty value is sent, to clear what AWS has; false: an {@code @EmptyIsNone} value is left out
     */
    public static <B extends SdkPojo> B fill(B request, Record spec, Predicate<String> components, boolean clears) {
        return fill(request, null, spec, components, clears);
    }

    /**
     * The same for a call that replaces nested structures as a whole: each keeps what the spec does not say of it.
     *
     * @param there a shape that has the structures as they are now; null: nothing is kept
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

    /** What a field excludes does not stay beside it; the spec says neither of them twice. */
    private static void giveWay(SdkPojo request, Record spec, Field set) {
        for (Pairing other : Pairing.of(spec.getClass(), request)) {
            if (other.member() != null
                    && other.field().read(spec) == null
                    && (excludes(set, other.field()) || excludes(other.field(), set))) {
                other.member().set(request, null);
            }
        }
    }

    private static boolean excludes(Field one, Field other) {
        Excludes excludes = one.get(Excludes.class);
        return excludes != null && List.of(excludes.value()).contains(other.name());
    }

    /** Removes the members that belong to some components, so that the request does not say them. */
    public static void clear(SdkPojo request, Class<? extends Record> spec, Predicate<String> components) {
        for (Pairing pair : Pairing.of(spec, request)) {
            if (pair.member() != null && components.test(pair.field().name())) {
                pair.member().set(request, null);
            }
        }
    }

    /** Gives the members that belong to some components the spec's values, and none where the spec has none. */
    public static void overlay(SdkPojo request, Record spec, Predicate<String> components) {
        clear(request, spec.getClass(), components);
        fill(request, spec, components, false);
    }

    /** The components whose member such a request has, by name; tags and {@code @NotSent} components are not among them. */
    public static Set<String> covered(Class<? extends Record> spec, SdkPojo request) {
        Set<String> covered = new TreeSet<>();
        for (Pairing pair : Pairing.of(spec, request)) {
            if (pair.member() != null && !pair.field().has(NotSent.class)) {
                covered.add(pair.field().name());
            }
        }
        return covered;
    }

    /** Sets one member by its name, case ignored; nothing if the shape has none of that name. */
    public static void set(SdkPojo shape, String member, Object value) {
        SdkField<?> field = SdkShapes.member(shape, member);
        if (field != null) {
            field.set(shape, ToSdk.value(field, value));
        }
    }

    /** Sets the request's tags in the form in which it takes them; nothing if it takes none. */
    public static void tag(SdkPojo request, Map<String, String> tags) {
        set(request, "tags", tags);
    }

    /**
     * Reads a spec from shapes: each component from the first of them that has its member.
     *
     * @param known values that were read otherwise, by component
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

    /** A component's value from a shape of its members, or from its value as the service writes it. */
    public static @Nullable Object value(Field field, @Nullable Object value) {
        return value == null ? null : FromSdk.value(field.type(), value);
    }

    /** A component's value in a shape; null if the shape has no such member or no value for it. */
    public static @Nullable Object component(Field field, SdkPojo shape) {
        return FromSdk.component(field, shape);
    }

    /** Whether a component's value says nothing: no text, no elements, or a record of such values. */
    public static boolean isEmpty(Object value) {
        return Texts.isEmpty(value);
    }

    /** Reads a spec from one shape. */
    public static <S extends Record> S read(Class<S> type, SdkPojo shape) {
        return read(type, Map.of(), List.of(shape));
    }
}
