package dev.holdfast.kind.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.SpecModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/** Turns a component's value into the value of a member. */
final class ToSdk {
    private static final String ITEMS = "items";

    private ToSdk() {}

    static @Nullable Object value(SdkField<?> member, Object value) {
        return value(member, value, null, null);
    }

    /**
     * @param old the observed value of the member, from which a structure keeps members that the component does not
     *     describe; null: none
     * @param key pairs the elements of lists
     */
    static @Nullable Object value(SdkField<?> member, Object value, @Nullable Object old, @Nullable Key key) {
        return switch (value) {
            case Record record -> structure(member, record, old);
            case Collection<?> many
            when member.marshallingType() == MarshallingType.SDK_POJO -> counted(member, many, old, key);
            case Collection<?> many when key != null && old instanceof List<?> olds -> keyed(member, many, olds, key);
            case Map<?, ?> map when member.marshallingType() == MarshallingType.LIST -> pairs(element(member), map);
            case Map<?, ?> map -> map(member, map);
            case Collection<?> many -> list(member, many);
            case JsonNode json -> PolicyDocuments.text(json);
            case SdkPojo shape -> shape;
            default ->
                member.marshallingType() == MarshallingType.SDK_POJO ? wrapped(member, value) : scalar(member, value);
        };
    }

    private static Object structure(SdkField<?> member, Record record, @Nullable Object old) {
        return build(
                old instanceof ToCopyableBuilder<?, ?> there
                        ? Wire.fill(kept(member, there), (SdkPojo) there, record, component -> true, false)
                        : Wire.fill(shape(member), record));
    }

    /** Some services return a structure as another shape than they accept: VpcConfigResponse for VpcConfig. */
    private static SdkPojo kept(SdkField<?> member, ToCopyableBuilder<?, ?> there) {
        boolean alike = there.getClass() == build(shape(member)).getClass();
        return alike ? (SdkPojo) there.toBuilder() : SdkShapes.copy((SdkPojo) there, shape(member));
    }

    /**
     * CloudFront's lists are structures of {@code Items}, their {@code Quantity}, and in some shapes {@code Enabled}.
     */
    private static Object counted(SdkField<?> member, Collection<?> many, @Nullable Object old, @Nullable Key key) {
        SdkPojo shape = old instanceof ToCopyableBuilder<?, ?> there ? kept(member, there) : shape(member);
        SdkField<?> items = Objects.requireNonNull(SdkShapes.member(shape, ITEMS), ITEMS);
        items.set(shape, value(items, many, old == null ? null : SdkShapes.get((SdkPojo) old, ITEMS), key));
        SdkField<?> enabled = SdkShapes.member(shape, "enabled");
        if (enabled != null) {
            enabled.set(shape, !many.isEmpty());
        }
        return build(shape);
    }

    private static List<Object> keyed(SdkField<?> member, Collection<?> many, List<?> olds, Key key) {
        List<Object> list = new ArrayList<>();
        for (Object one : many) {
            Object old = olds.stream()
                    .filter(candidate -> pairs((Record) one, (SdkPojo) candidate, key))
                    .findFirst()
                    .orElse(null);
            list.add(structure(element(member), (Record) one, old));
        }
        return list;
    }

    private static boolean pairs(Record one, SdkPojo old, Key key) {
        return Arrays.stream(key.value())
                .allMatch(name -> Objects.equals(
                        String.valueOf(SpecModel.of(one.getClass())
                                .field(name)
                                .map(field -> field.read(one))
                                .orElse(null)),
                        String.valueOf(SdkShapes.get(old, name))));
    }

    private static List<Object> list(SdkField<?> member, Collection<?> many) {
        SdkField<?> element = element(member);
        List<Object> list = new ArrayList<>();
        for (Object one : many) {
            Object sent = value(element, one);
            if (sent != null) {
                list.add(sent);
            }
        }
        return list;
    }

    private static Map<String, Object> map(SdkField<?> member, Map<?, ?> map) {
        SdkField<?> inner = member.getTrait(MapTrait.class).valueFieldInfo();
        Map<String, Object> sent = new LinkedHashMap<>();
        map.forEach((key, one) -> sent.put(String.valueOf(key), value(inner, one)));
        return sent;
    }

    /** AWS's list of key and value. */
    private static List<Object> pairs(SdkField<?> element, Map<?, ?> map) {
        List<Object> list = new ArrayList<>();
        new TreeMap<>(map).forEach((key, one) -> {
            SdkPojo pair = shape(element);
            List<SdkField<?>> members = pair.sdkFields();
            members.get(0).set(pair, String.valueOf(key));
            members.get(1).set(pair, one);
            list.add(build(pair));
        });
        return list;
    }

    /** A shape that wraps one value, such as EC2's AttributeBooleanValue. */
    private static Object wrapped(SdkField<?> member, Object value) {
        SdkPojo shape = shape(member);
        SdkField<?> only = shape.sdkFields().getFirst();
        only.set(shape, value(only, value));
        return build(shape);
    }

    private static Object scalar(SdkField<?> member, Object value) {
        MarshallingType<?> type = member.marshallingType();
        if (type == MarshallingType.STRING) {
            return value.toString();
        }
        if (type == MarshallingType.INSTANT) {
            return Instant.parse(value.toString());
        }
        if (type == MarshallingType.SDK_BYTES) {
            return SdkBytes.fromUtf8String(value.toString());
        }
        if (value instanceof Number number) {
            return type == MarshallingType.INTEGER
                    ? (Object) number.intValue()
                    : type == MarshallingType.LONG
                            ? (Object) number.longValue()
                            : type == MarshallingType.DOUBLE
                                    ? (Object) number.doubleValue()
                                    : type == MarshallingType.FLOAT ? (Object) number.floatValue() : number;
        }
        return value;
    }

    private static SdkField<?> element(SdkField<?> list) {
        return list.getTrait(ListTrait.class).memberFieldInfo();
    }

    private static SdkPojo shape(SdkField<?> member) {
        return member.constructor().get();
    }

    /** AWS rejects a structure that counts its items without the count. An empty list of items is omitted. */
    private static Object build(SdkPojo shape) {
        Object built = ((SdkBuilder<?, ?>) shape).build();
        SdkField<?> quantity = SdkShapes.member(shape, "quantity");
        SdkField<?> items = SdkShapes.member(shape, ITEMS);
        if (quantity == null || items == null) {
            return built;
        }
        List<?> all = items.getValueOrDefault(built) instanceof List<?> list ? list : List.of();
        quantity.set(shape, all.size());
        items.set(shape, all.isEmpty() ? null : all);
        return ((SdkBuilder<?, ?>) shape).build();
    }
}
