package dev.holdfast.twin.store;

import dev.holdfast.aws.SdkShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Reads the tags of requests and shows tags in shapes, whichever form the service gives them. */
public final class TwinTags {
    private static final List<String> MEMBERS = List.of("tags", "tagSet", "tagList", "tagSpecifications");

    private TwinTags() {}

    /** The tags that a request brings: a map, a list of pairs, or EC2's lists by resource type; a missing value reads as empty. */
    public static Map<String, String> in(SdkPojo request) {
        Map<String, String> tags = new TreeMap<>();
        for (String member : MEMBERS) {
            collect(SdkShapes.get(request, member), tags);
        }
        return tags;
    }

    private static void collect(@Nullable Object value, Map<String, String> tags) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, text) -> tags.put(String.valueOf(key), text(text)));
            case List<?> list ->
                list.forEach(one -> {
                    SdkPojo shape = (SdkPojo) one;
                    if (SdkShapes.member(shape, "tags") != null) {
                        tags.putAll(in(shape));
                    } else {
                        List<SdkField<?>> pair = shape.sdkFields();
                        tags.put(
                                text(pair.get(0).getValueOrDefault(shape)),
                                text(pair.get(1).getValueOrDefault(shape)));
                    }
                });
            case null, default -> {}
        }
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }

    /** Fills the tags into a response or a shape, in the form that its member for tags has; one without such a member stays as it is. */
    public static <B extends SdkPojo> B show(Map<String, String> tags, B shape) {
        for (String name : MEMBERS) {
            SdkField<?> member = SdkShapes.member(shape, name);
            if (member == null) {
                continue;
            }
            if (member.marshallingType() == MarshallingType.MAP) {
                member.set(shape, new TreeMap<>(tags));
            } else {
                SdkField<?> pair = member.getTrait(ListTrait.class).memberFieldInfo();
                List<Object> pairs = new ArrayList<>();
                tags.forEach((key, value) -> {
                    SdkPojo made = pair.constructor().get();
                    made.sdkFields().get(0).set(made, key);
                    made.sdkFields().get(1).set(made, value);
                    pairs.add(((SdkBuilder<?, ?>) made).build());
                });
                member.set(shape, pairs);
            }
        }
        return shape;
    }

    /** Adds the tags to those that a resource has, or leaves these as they are and throws what the service answers. */
    public static void put(Map<String, String> tags, Map<String, String> more, TagRules rules) {
        Map<String, String> after = new TreeMap<>(tags);
        after.putAll(more);
        rules.check(more, after);
        tags.putAll(more);
    }
}
