package dev.holdfast.kind.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Turns a component's value into the value of a member. */
final class ToSdk {
    private ToSdk() {}

    static @Nullable Object value(SdkField<?> member, Object value) {
        return switch (value) {
            case Record record -> build(Wire.fill(shape(member), record));
            case Map<?, ?> map when member.marshallingType() == MarshallingType.LIST -> pairs(element(member), map);
            case Map<?, ?> map -> map(member, map);
            case Collection<?> many -> list(member, many);
            case JsonNode json -> PolicyDocuments.text(json);
            case SdkPojo shape -> shape;
            default ->
                member.marshallingType() == MarshallingType.SDK_POJO ? wrapped(member, value) : scalar(member, value);
        };
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

    /** A shape that holds one value, such as EC2's AttributeBooleanValue. */
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

    private static Object build(SdkPojo shape) {
        return ((SdkBuilder<?, ?>) shape).build();
    }
}
