package dev.holdfast.twin.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Fills the SDK's generated classes with random values that their protocol can carry. */
final class RandomPojos {
    /** Headers that the SDK computes, checks or interprets, so that they do not arrive as they were set. */
    static final Set<String> HEADERS_OF_THE_SDK = Set.of(
            "content-length",
            "content-md5",
            "content-encoding",
            "content-range",
            "transfer-encoding",
            "expires",
            "accept",
            "x-amz-sdk-checksum-algorithm",
            "x-amz-checksum-algorithm",
            "x-amz-checksum-mode",
            "x-amz-checksum-type",
            "x-amz-checksum-crc32",
            "x-amz-checksum-crc32c",
            "x-amz-checksum-crc64nvme",
            "x-amz-checksum-sha1",
            "x-amz-checksum-sha256");

    /** The SDK's client combines these three members of CopyObject into CopySource and does not send them. */
    private static final Set<String> CLIENT_SIDE = Set.of("SourceBucket", "SourceKey", "SourceVersionId");

    private final Random random;

    RandomPojos(long seed) {
        random = new Random(seed);
    }

    static boolean ofTheSdk(SdkField<?> field) {
        return field.location() == MarshallLocation.HEADER
                && HEADERS_OF_THE_SDK.contains(field.locationName().toLowerCase(Locale.ROOT));
    }

    SdkPojo fill(SdkPojo builder, int depth) {
        for (SdkField<?> field : builder.sdkFields()) {
            boolean tooDeep = depth <= 0
                    && field.marshallingType().equals(MarshallingType.SDK_POJO)
                    && !field.containsTrait(RequiredTrait.class);
            boolean skipped = tooDeep || ofTheSdk(field) || CLIENT_SIDE.contains(field.memberName());
            Object value = skipped ? null : value(field, depth);
            if (value != null) {
                field.set(builder, value);
                if (isUnion(builder)) {
                    break;
                }
            }
        }
        return (SdkPojo) ((Buildable) builder).build();
    }

    private @Nullable Object value(SdkField<?> field, int depth) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> text(field);
            case INTEGER -> field.location() == MarshallLocation.STATUS_CODE ? 200 : random.nextInt(1000);
            case LONG -> field.location() == MarshallLocation.HEADER ? 5L : random.nextLong(1L << 53);
            case SHORT -> (short) random.nextInt(1000);
            case BYTE -> (byte) random.nextInt(100);
            case FLOAT -> random.nextInt(100) / 8f;
            case DOUBLE -> random.nextInt(100) / 8.0;
            case BIG_DECIMAL -> new BigDecimal("12.5");
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> Instant.ofEpochSecond(1_700_000_000L + random.nextInt(1_000_000));
            case SDK_BYTES -> SdkBytes.fromByteArray(new byte[] {1, 2, (byte) 200, (byte) random.nextInt(100)});
            case DOCUMENT -> Document.fromMap(Map.of("a", Document.fromString("b")));
            case SDK_POJO -> fill(field.constructor().get(), depth - 1);
            case LIST -> list(field, depth);
            case MAP -> map(field, depth);
            default -> null;
        };
    }

    private String text(SdkField<?> field) {
        int n = random.nextInt(1000);
        if ("Bucket".equals(field.memberName())) {
            return "bucket" + n;
        }
        if (field.location() == MarshallLocation.HEADER || field.containsTrait(XmlAttributeTrait.class)) {
            return "h" + n;
        }
        if (field.location() != MarshallLocation.PAYLOAD) {
            return "p+ /é" + n;
        }
        if (field.containsTrait(PayloadTrait.class)) { // the SDK puts a bucket's policy into XML to parse it
            return "s<&> é\"+%" + n;
        }
        return random.nextInt(6) == 0 ? "" : "s<&> é\"+%\r\n" + n;
    }

    private List<Object> list(SdkField<?> field, int depth) {
        ListTrait trait = field.getTrait(ListTrait.class);
        if (depth <= 0) {
            return List.of();
        }
        boolean inBody = field.location() == MarshallLocation.PAYLOAD;
        // flattened XML cannot distinguish an empty list from an absent one
        int size = inBody ? random.nextInt(trait.isFlattened() ? 1 : 0, 3) : 2;
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Object item = value(trait.memberFieldInfo(), depth - 1);
            list.add(item instanceof String && (!inBody || item.equals("")) ? "v" + i : item);
        }
        return list;
    }

    private Map<String, Object> map(SdkField<?> field, int depth) {
        SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
        Map<String, Object> map = new TreeMap<>();
        for (int i = 0; i < 2; i++) {
            Object value = value(member, depth - 1);
            boolean outside = field.location() != MarshallLocation.PAYLOAD;
            map.put("k" + i, outside && value instanceof String ? "v" + i : value);
        }
        return map;
    }

    /** Only one member of a union may be set. */
    private static boolean isUnion(SdkPojo builder) {
        Class<?> type = builder.getClass().getEnclosingClass();
        return type != null
                && Arrays.stream(type.getDeclaredClasses())
                        .anyMatch(c -> c.isEnum() && c.getSimpleName().equals("Type"))
                && Arrays.stream(type.getMethods())
                        .anyMatch(m -> m.getName().equals("type") && m.getParameterCount() == 0);
    }
}
