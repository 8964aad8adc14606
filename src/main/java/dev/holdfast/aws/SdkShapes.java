package dev.holdfast.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.TraitType;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Reads and sets members of the SDK's shapes by their names, case ignored, through the handles that the SDK generates. */
public final class SdkShapes {
    private static final Set<String> TAGS = Set.of("tags", "tagset", "taglist", "tagspecifications");
    private static final Map<Class<?>, Map<String, SdkField<?>>> MEMBERS = new ConcurrentHashMap<>();

    private SdkShapes() {}

    /** The member of that name; null if the shape has none. */
    public static @Nullable SdkField<?> member(SdkPojo shape, String name) {
        return members(shape).get(name.toLowerCase(Locale.ROOT));
    }

    /** A shape's members by their names in lower case. */
    public static Map<String, SdkField<?>> members(SdkPojo shape) {
        Map<String, SdkField<?>> known = MEMBERS.get(shape.getClass());
        if (known == null) {
            Map<String, SdkField<?>> members = new HashMap<>();
            shape.sdkFields().forEach(f -> members.put(f.memberName().toLowerCase(Locale.ROOT), f));
            known = Map.copyOf(members);
            MEMBERS.put(shape.getClass(), known);
        }
        return known;
    }

    /** The value of one member by its name, case ignored; null if it has none. */
    public static @Nullable Object get(SdkPojo shape, String member) {
        SdkField<?> field = member(shape, member);
        return field == null ? null : field.getValueOrDefault(shape);
    }

    /** The value of the member of that name in a shape, or else in the shapes that it holds; null if there is none. */
    public static @Nullable Object find(SdkPojo shape, String member) {
        Object own = get(shape, member);
        if (own != null) {
            return own;
        }
        return shape.sdkFields().stream()
                .map(field -> field.getValueOrDefault(shape))
                .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.ofNullable(value))
                .filter(SdkPojo.class::isInstance)
                .map(inner -> find((SdkPojo) inner, member))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Sets the request's client token, if the API has one. Some APIs do not mark the token: CreateVpcEndpoint. */
    public static void token(SdkPojo request, String token) {
        for (SdkField<?> field : request.sdkFields()) {
            if (field.containsTrait(DefaultValueTrait.class, TraitType.DEFAULT_VALUE_TRAIT)
                    || field.memberName().equalsIgnoreCase("clientToken")) {
                field.set(request, token);
            } else if (field.memberName().equalsIgnoreCase("idempotencyToken")) {
                // ACM accepts only 32 letters and digits.
                field.set(request, token.replace("-", ""));
            }
        }
    }

    /** Copies every set member that both shapes have, so that a member which our spec lacks survives a write. */
    public static <B extends SdkPojo> B copy(SdkPojo from, B to) {
        Map<String, SdkField<?>> targets = members(to);
        members(from).forEach((name, source) -> {
            SdkField<?> target = targets.get(name);
            Object value = source.getValueOrDefault(from);
            if (target != null && value != null && !TAGS.contains(name)) {
                Object sent = copied(target, value);
                if (sent != null) {
                    target.set(to, sent);
                }
            }
        });
        return to;
    }

    /** A map as AWS's list of two-member shapes: {@code SdkShapes.pairs(tags, Tag::builder)}. */
    public static <T, B extends SdkPojo & SdkBuilder<B, T>> List<T> pairs(
            @Nullable Map<String, String> map, Supplier<B> shape) {
        List<T> pairs = new ArrayList<>();
        if (map != null) {
            new TreeMap<>(map).forEach((key, value) -> {
                B pair = shape.get();
                List<SdkField<?>> members = pair.sdkFields();
                members.get(0).set(pair, key);
                members.get(1).set(pair, value);
                pairs.add(pair.build());
            });
        }
        return pairs;
    }

    /**
     * AWS's list of two-member shapes as a map; an absent value reads as empty text.
     *
     * @throws PartialAnswerException if a pair has no key: its value belongs to a key that seems to be absent
     */
    public static Map<String, String> map(List<? extends SdkPojo> pairs) {
        Map<String, String> map = new TreeMap<>();
        for (SdkPojo pair : pairs) {
            List<SdkField<?>> members = pair.sdkFields();
            Object key = members.get(0).getValueOrDefault(pair);
            Object value = members.get(1).getValueOrDefault(pair);
            if (key == null) {
                throw new PartialAnswerException("has a "
                        + pair.getClass().getSimpleName() + " without its "
                        + members.get(0).memberName());
            }
            map.put(String.valueOf(key), value == null ? "" : String.valueOf(value));
        }
        return map;
    }
    /** Converts a value for the member of the same name in another shape. */
    private static @Nullable Object copied(SdkField<?> target, Object value) {
        return switch (value) {
            case SdkAutoConstructList<?> none -> null;
            case SdkAutoConstructMap<?, ?> none -> null;
            case SdkPojo pojo
            when target.marshallingType() == MarshallingType.SDK_POJO ->
                build(copy(pojo, target.constructor().get()));
            case SdkPojo pojo -> null;
            case List<?> list
            when target.marshallingType() == MarshallingType.LIST -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(one -> {
                    Object sent = copied(target.getTrait(ListTrait.class).memberFieldInfo(), one);
                    if (sent != null) {
                        copy.add(sent);
                    }
                });
                yield copy;
            }
            case List<?> list -> null;
            case Map<?, ?> map -> target.marshallingType() == MarshallingType.MAP ? map : null;
            default -> target.marshallingType().getTargetClass().isInstance(value) ? value : null;
        };
    }

    private static Object build(SdkPojo shape) {
        return ((SdkBuilder<?, ?>) shape).build();
    }
}
