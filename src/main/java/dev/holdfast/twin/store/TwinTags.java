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

/** Reads the tags of requests and sets tags in shapes, in whichever form the service uses. */
public final class TwinTags {
    private static final List<String> MEMBERS = List.of("tags", "tagSet", "tagList", "tagSpecifications");

    private TwinTags() {}

    /**
     * The tags of a request: a map, a list of pairs, or EC2's lists by resource type. A missing value becomes an empty
     * text.
     */
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

    /**
     * Sets the tags of a response or a shape, in the form of its tag member. A shape without such a member does not
     * change.
     */
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

    /** Adds tags to those of a resource. If the rules refuse them, it throws the service's error and adds none. */
    public static void put(Map<String, String> tags, Map<String, String> more, TagRules rules) {
        Map<String, String> after = new TreeMap<>(tags);
        after.putAll(more);
        rules.check(more, after);
        tags.putAll(more);
    }
}
