package dev.holdfast.kind.wire;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.WireName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** A component of a record, and the member of a shape that belongs to it, or null. */
record Pairing(Field field, @Nullable SdkField<?> member) {
    private record ClassPair(Class<?> spec, Class<?> shape) {}

    private static final Map<ClassPair, List<Pairing>> PAIRS = new ConcurrentHashMap<>();

    /** One pairing for each component of the spec, in their order. */
    static List<Pairing> of(Class<?> spec, SdkPojo shape) {
        ClassPair key = new ClassPair(spec, shape.getClass());
        List<Pairing> known = PAIRS.get(key);
        if (known == null) {
            known = pair(spec, shape);
            PAIRS.put(key, known);
        }
        return known;
    }

    private static List<Pairing> pair(Class<?> spec, SdkPojo shape) {
        List<Pairing> pairs = new ArrayList<>();
        for (Field field : SpecModel.of(spec).fields()) {
            WireName other = field.get(WireName.class);
            String name = other == null ? field.name() : other.value();
            pairs.add(new Pairing(field, field.has(TagMap.class) ? null : SdkShapes.member(shape, name)));
        }
        return List.copyOf(pairs);
    }
}
