package dev.holdfast.twin.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * Reads the forms of the query and EC2 protocols: {@code Filter.1.Value.2=x} is a path into a tree.
 *
 * <p>A list or map is either numbered children or one wrapper around them ({@code member}, {@code entry}, or the
 * element's name). With this rule, one reader serves both protocols.
 */
final class FormReader {
    private FormReader() {}

    static final class Node {
        private @Nullable String value;
        private final TreeMap<String, Node> children = new TreeMap<>(Node::compare);

        void put(String path, String text) {
            Node node = this;
            for (String step : path.split("\\.", -1)) {
                node = node.children.computeIfAbsent(step, x -> new Node());
            }
            node.value = text;
        }

        @Nullable
        Node child(String name) {
            return children.get(name);
        }

        @Nullable
        String text(String name) {
            Node child = children.get(name);
            return child == null ? null : child.value;
        }

        /** A copy without these children. */
        Node without(Set<String> names) {
            Node rest = new Node();
            rest.children.putAll(children);
            rest.children.keySet().removeAll(names);
            return rest;
        }

        /**
         * The elements of a list or the entries of a map, in the order of their numbers; {@code Foo=} has no elements.
         */
        private Iterable<Node> items() {
            if (children.isEmpty() || isNumber(children.firstKey())) {
                return children.values();
            }
            return children.firstEntry().getValue().children.values();
        }

        private static int compare(String a, String b) {
            return isNumber(a) && isNumber(b)
                    ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
                    : a.compareTo(b);
        }

        private static boolean isNumber(String s) {
            return !s.isEmpty() && s.length() < 9 && s.chars().allMatch(c -> c >= '0' && c <= '9');
        }
    }

    /** @param node without the fields of every request: {@code Action}, {@code Version} */
    static SdkPojo read(SdkPojo builder, Node node) throws WireException {
        Set<String> known = new HashSet<>();
        for (SdkField<?> field : builder.sdkFields()) {
            known.add(field.locationName());
            Node child = node.child(field.locationName());
            if (child != null) {
                field.set(builder, value(field, child));
            }
        }
        for (String name : node.children.keySet()) {
            if (!known.contains(name)) {
                throw Members.unknown(builder, name);
            }
        }
        return Members.build(builder);
    }

    private static Object value(SdkField<?> field, Node node) throws WireException {
        MarshallingType<?> type = field.marshallingType();
        if (type.equals(MarshallingType.SDK_POJO)) {
            return read(field.constructor().get(), node);
        }
        if (type.equals(MarshallingType.LIST)) {
            SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
            List<Object> list = new ArrayList<>();
            for (Node item : node.items()) {
                list.add(value(member, item));
            }
            return list;
        }
        if (type.equals(MarshallingType.MAP)) {
            return map(field.getTrait(MapTrait.class), node);
        }
        if (node.value == null) {
            throw new WireException(field.memberName() + " is a structure, not a value");
        }
        return Scalars.parse(field, node.value, MarshallLocation.PAYLOAD);
    }

    private static Map<String, Object> map(MapTrait trait, Node node) throws WireException {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Node entry : node.items()) {
            String key = entry.text(trait.keyLocationName());
            Node value = entry.child(trait.valueLocationName());
            if (key == null || value == null) {
                throw new WireException("a map's entry lacks its key or its value");
            }
            map.put(key, value(trait.valueFieldInfo(), value));
        }
        return map;
    }
}
