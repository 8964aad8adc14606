package dev.holdfast.twin.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkNumber;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;

/** Converts the SDK's classes to maps, lists and plain values and back; JSON and CBOR share this form. */
final class TreeCodec {
    private TreeCodec() {}

    static SdkPojo read(SdkPojo builder, Map<?, ?> tree) throws WireException {
        fill(builder, builder.sdkFields(), tree);
        return Members.build(builder);
    }

    static void fill(SdkPojo builder, List<SdkField<?>> fields, Map<?, ?> tree) throws WireException {
        for (SdkField<?> field : fields) {
            Object value = tree.get(field.locationName());
            if (value != null) {
                field.set(builder, value(field, value));
            }
        }
        Set<String> known = new HashSet<>(Set.of("__type"));
        fields.forEach(field -> known.add(field.locationName()));
        for (Map.Entry<?, ?> given : tree.entrySet()) {
            if (given.getValue() != null && !known.contains(String.valueOf(given.getKey()))) {
                throw Members.unknown(builder, String.valueOf(given.getKey()));
            }
        }
    }

    private static Object value(SdkField<?> field, Object value) throws WireException {
        return switch (field.marshallingType().getKnownType()) {
            case SDK_POJO -> read(field.constructor().get(), as(Map.class, field, value));
            case LIST -> list(field, as(List.class, field, value));
            case MAP -> map(field, as(Map.class, field, value));
            case DOCUMENT -> document(value);
            case SDK_BYTES ->
                value instanceof byte[] bytes
                        ? SdkBytes.fromByteArray(bytes)
                        : Scalars.parse(field, value.toString(), MarshallLocation.PAYLOAD);
            case INSTANT ->
                value instanceof Instant ? value : Scalars.parse(field, value.toString(), MarshallLocation.PAYLOAD);
            case INTEGER -> value instanceof Number n ? (Object) n.intValue() : scalar(field, value);
            case LONG -> value instanceof Number n ? (Object) n.longValue() : scalar(field, value);
            case SHORT -> value instanceof Number n ? (Object) n.shortValue() : scalar(field, value);
            case BYTE -> value instanceof Number n ? (Object) n.byteValue() : scalar(field, value);
            case DOUBLE -> value instanceof Number n ? (Object) n.doubleValue() : scalar(field, value);
            case FLOAT -> value instanceof Number n ? (Object) n.floatValue() : scalar(field, value);
            default -> scalar(field, value);
        };
    }

    private static Object scalar(SdkField<?> field, Object value) throws WireException {
        if (value instanceof Map || value instanceof List) {
            throw new WireException(field.memberName() + " is a structure, not a value");
        }
        return Scalars.parse(field, value.toString(), MarshallLocation.PAYLOAD);
    }

    private static List<@Nullable Object> list(SdkField<?> field, List<?> values) throws WireException {
        SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
        List<@Nullable Object> list = new ArrayList<>(values.size());
        for (Object item : values) {
            list.add(item == null ? null : value(member, item));
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(SdkField<?> field, Map<?, ?> values) throws WireException {
        SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<?, ?> e : values.entrySet()) {
            map.put(String.valueOf(e.getKey()), e.getValue() == null ? null : value(member, e.getValue()));
        }
        return map;
    }

    private static <T> T as(Class<T> type, SdkField<?> field, Object value) throws WireException {
        if (!type.isInstance(value)) {
            throw new WireException(field.memberName() + " is not a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /** @param cbor whether times and bytes remain objects; in JSON they become numbers and texts */
    static Map<String, @Nullable Object> write(SdkPojo of, List<SdkField<?>> fields, boolean cbor) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (SdkField<?> field : fields) {
            Object value = Members.value(field, of);
            if (value != null) {
                tree.put(field.locationName(), plain(field, value, cbor));
            }
        }
        return tree;
    }

    private static @Nullable Object plain(SdkField<?> field, @Nullable Object value, boolean cbor) {
        return switch (value) {
            case null -> null;
            case SdkPojo pojo -> write(pojo, pojo.sdkFields(), cbor);
            case List<?> list -> {
                SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
                List<@Nullable Object> plain = new ArrayList<>(list.size());
                list.forEach(item -> plain.add(plain(member, item, cbor)));
                yield plain;
            }
            case Map<?, ?> map -> {
                SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((k, item) -> plain.put(String.valueOf(k), plain(member, item, cbor)));
                yield plain;
            }
            case Instant instant -> cbor ? instant : jsonTime(field, instant);
            case SdkBytes bytes ->
                cbor ? bytes.asByteArray() : Base64.getEncoder().encodeToString(bytes.asByteArray());
            case Document document -> plain(document);
            default -> value;
        };
    }

    private static Object jsonTime(SdkField<?> field, Instant instant) {
        TimestampFormatTrait trait = field.getTrait(TimestampFormatTrait.class);
        TimestampFormatTrait.Format format =
                trait == null ? TimestampFormatTrait.Format.UNIX_TIMESTAMP : trait.format();
        return switch (format) {
            case UNIX_TIMESTAMP -> BigDecimal.valueOf(instant.toEpochMilli(), 3);
            case UNIX_TIMESTAMP_MILLIS -> instant.toEpochMilli();
            case ISO_8601, RFC_822 -> Scalars.format(format, instant);
        };
    }

    static Document document(@Nullable Object value) {
        return switch (value) {
            case null -> Document.fromNull();
            case Map<?, ?> map -> {
                Map<String, Document> members = new LinkedHashMap<>();
                map.forEach((k, v) -> members.put(String.valueOf(k), document(v)));
                yield Document.fromMap(members);
            }
            case List<?> list -> {
                List<Document> items = new ArrayList<>();
                list.forEach(v -> items.add(document(v)));
                yield Document.fromList(items);
            }
            case Boolean flag -> Document.fromBoolean(flag);
            case Number number -> Document.fromNumber(SdkNumber.fromString(number.toString()));
            default -> Document.fromString(value.toString());
        };
    }

    static @Nullable Object plain(Document document) {
        if (document.isMap()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            document.asMap().forEach((k, v) -> map.put(k, plain(v)));
            return map;
        }
        if (document.isList()) {
            List<@Nullable Object> list = new ArrayList<>();
            document.asList().forEach(v -> list.add(plain(v)));
            return list;
        }
        return document.isNumber()
                ? new BigDecimal(document.asNumber().stringValue())
                : document.isNull() ? null : document.unwrap();
    }
}
