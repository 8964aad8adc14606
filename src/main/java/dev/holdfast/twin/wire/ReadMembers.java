package dev.holdfast.twin.wire;

import dev.holdfast.aws.SdkShapes;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Names the members of a request that the twin would ignore, so that the twin refuses them. The byte code of the twin
 * ({@link TwinCode}) shows the members that an operation reads or stores: it calls their getters, reads them by name,
 * or copies them into a shape with a member of the same name. A shape within the request counts as stored whole if an
 * answer of the service can contain it and the twin does not take it apart.
 */
final class ReadMembers {
    /**
     * The values of members, in all requests or in one, that have no effect that a caller of the twin could observe.
     */
    private static final Map<String, Set<String>> WITHOUT_EFFECT = Map.of(
            "dryrun", Set.of("false"),
            // some clients send these defaults
            "amazonprovidedipv6cidrblock", Set.of("false"),
            "forceoverwritereplicasecret", Set.of("false"),
            "fetchowner", Set.of("false"),
            // the twin has no automated backups that could remain
            "deleteautomatedbackups", Set.of("false"),
            "createbucketrequest.acl", Set.of("private"));

    /** The members that belong to the transport. */
    private static final Pattern OF_THE_TRANSPORT = Pattern.compile("checksum.*|contentmd5|contentlength");

    private static final Map<Method, ReadMembers> KNOWN = new ConcurrentHashMap<>();
    private static final Map<Class<?>, Set<Class<?>>> SHOWN = new ConcurrentHashMap<>();

    private final TwinCode.Reads reads;
    private final Supplier<Set<Class<?>>> shown;

    private ReadMembers(TwinCode.Reads reads, Supplier<Set<Class<?>>> shown) {
        this.reads = reads;
        this.shown = shown;
    }

    static ReadMembers of(Operation operation) {
        ReadMembers known = KNOWN.get(operation.method());
        if (known == null) {
            ServiceModel service = operation.service();
            known = new ReadMembers(TwinCode.reads(service.twin(), operation.method()), () -> shown(service));
            KNOWN.put(operation.method(), known);
        }
        return known;
    }

    /** The shapes that the answers of a service can contain. */
    private static Set<Class<?>> shown(ServiceModel service) {
        Set<Class<?>> known = SHOWN.get(service.twin());
        if (known == null) {
            Set<Class<?>> shown = new HashSet<>();
            service.answers().forEach(answer -> collect(answer, shown));
            known = Set.copyOf(shown);
            SHOWN.put(service.twin(), known);
        }
        return known;
    }

    private static void collect(SdkPojo shape, Set<Class<?>> into) {
        if (into.add(shapeOf(shape))) {
            shape.sdkFields().stream().flatMap(ReadMembers::inner).forEach(one -> collect(one, into));
        }
    }

    /** The shapes that a member can contain. */
    private static Stream<SdkPojo> inner(SdkField<?> field) {
        MarshallingType<?> type = field.marshallingType();
        if (type.equals(MarshallingType.SDK_POJO)) {
            return Stream.of(field.constructor().get());
        }
        if (type.equals(MarshallingType.LIST)) {
            return inner(field.getTrait(ListTrait.class).memberFieldInfo());
        }
        return type.equals(MarshallingType.MAP)
                ? inner(field.getTrait(MapTrait.class).valueFieldInfo())
                : Stream.of();
    }

    /** @return the paths of the set members that the twin would ignore, such as {@code TagSpecifications.Tags} */
    Set<String> ignored(SdkPojo request) {
        Set<String> ignored = new TreeSet<>();
        members(request, "", reads.copies(), ignored);
        return ignored;
    }

    /** @param copies shapes into which the operation copies the shape */
    private void members(SdkPojo shape, String path, List<SdkPojo> copies, Set<String> ignored) {
        Class<?> type = shapeOf(shape);
        boolean whole = !path.isEmpty() && shown.get().contains(type) && !reads.buildsAnew(type);
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = Members.value(field, shape);
            if (value != null && isSet(value) && !harmless(type, field, value)) {
                List<SdkField<?>> targets = copies.stream()
                        .<SdkField<?>>mapMulti((copy, to) -> {
                            SdkField<?> target = SdkShapes.member(copy, field.memberName());
                            if (target != null) {
                                to.accept(target);
                            }
                        })
                        .toList();
                String name = path + field.memberName();
                if (whole || !targets.isEmpty() || reads.reads(type, field.memberName())) {
                    within(value, name + ".", targets, ignored);
                } else {
                    ignored.add(name);
                }
            }
        }
    }

    private void within(@Nullable Object value, String path, List<SdkField<?>> targets, Set<String> ignored) {
        switch (value) {
            case SdkPojo shape ->
                members(
                        shape,
                        path,
                        targets.stream().flatMap(ReadMembers::inner).toList(),
                        ignored);
            case Collection<?> all -> all.forEach(one -> within(one, path, targets, ignored));
            case Map<?, ?> map -> map.values().forEach(one -> within(one, path, targets, ignored));
            case null, default -> {}
        }
    }

    /** An empty list counts as not set: the twin never stores elements of a list that it ignores. */
    private static boolean isSet(Object value) {
        return switch (value) {
            case Collection<?> all -> !all.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    private static boolean harmless(Class<?> type, SdkField<?> field, Object value) {
        String member = field.memberName().toLowerCase(Locale.ROOT);
        String shape = type.getSimpleName().toLowerCase(Locale.ROOT);
        return field.location() == MarshallLocation.HEADER
                        && OF_THE_TRANSPORT.matcher(member).matches()
                || Stream.of(member, shape + "." + member)
                        .map(WITHOUT_EFFECT::get)
                        .anyMatch(values -> values != null && values.contains(String.valueOf(value)));
    }

    private static Class<?> shapeOf(SdkPojo shape) {
        Class<?> type = shape.getClass();
        return shape instanceof SdkBuilder<?, ?> && type.getEnclosingClass() != null ? type.getEnclosingClass() : type;
    }
}
