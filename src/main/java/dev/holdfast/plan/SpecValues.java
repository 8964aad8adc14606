package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Compares values, and names the elements of collections. */
final class SpecValues {
    private SpecValues() {}

    /** Compares numbers by value (1 equals 1.0), and all other values by equality. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString())) == 0;
        }
        return a == null ? b == null : a.equals(b);
    }

    /** Whether a value is set; an empty collection and an empty text are not. */
    static boolean isThere(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Collection<?> elements -> !elements.isEmpty();
            case String text -> !text.isEmpty();
            default -> true;
        };
    }

    /**
     * Whether an observed version satisfies a wanted one. "15" matches 15.7 and 15, but not 150. 15.10 also matches
     * 15.13, because AWS raises the last number whatever the document says, and never lowers a version.
     *
     * @param major as in {@link dev.holdfast.kind.VersionPrefix#major}
     */
    static boolean isVersionOf(String observed, String wanted, int major) {
        return observed.equals(wanted)
                || observed.startsWith(wanted + ".")
                || observed.startsWith(wanted + "-")
                || isRaised(observed.split("\\."), wanted.split("\\."), major);
    }

    /** Whether a version is newer than a wanted one or its beginning: 16.1 than 15, but not 15.1 than 15. */
    static boolean isNewer(String observed, String wanted) {
        String[] have = observed.split("\\.");
        String[] want = wanted.split("\\.");
        for (int i = 0; i < Math.min(have.length, want.length); i++) {
            if (!isNumber(have[i]) || !isNumber(want[i])) {
                return false;
            }
            int higher = Integer.compare(Integer.parseInt(have[i]), Integer.parseInt(want[i]));
            if (higher != 0) {
                return higher > 0;
            }
        }
        return false;
    }

    private static boolean isRaised(String[] observed, String[] wanted, int major) {
        int same = major == 0 ? wanted.length - 1 : major;
        boolean comparable = same > 0
                && same < wanted.length
                && (major == 0 ? observed.length == wanted.length : observed.length >= wanted.length)
                && Arrays.equals(observed, 0, same, wanted, 0, same);
        for (int i = same; comparable && i < wanted.length; i++) {
            if (!isNumber(observed[i]) || !isNumber(wanted[i])) {
                return false;
            }
            int higher = Integer.parseInt(observed[i]) - Integer.parseInt(wanted[i]);
            if (higher != 0) {
                return higher > 0;
            }
        }
        return comparable;
    }

    static boolean isPolicy(@Nullable JsonNode observed, JsonNode desired) {
        return observed != null && PolicyDocuments.canonical(desired).equals(PolicyDocuments.canonical(observed));
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,9}");
    }

    /** The elements by key, in order. A repeated key gets a number, so that no element is lost. */
    static Map<String, Object> byKey(Field field, List<?> elements) {
        Map<String, Object> byKey = new LinkedHashMap<>();
        for (Object element : elements) {
            String key = key(field, element);
            String free = key;
            for (int n = 2; byKey.containsKey(free); n++) {
                free = key + "#" + n;
            }
            byKey.put(free, element);
        }
        return byKey;
    }

    private static String key(Field field, Object element) {
        if (element instanceof Keyed keyed) {
            return keyed.key();
        }
        Key names = field.get(Key.class);
        if (names != null && element instanceof Record record) {
            StringJoiner key = new StringJoiner(":");
            SpecModel model = SpecModel.of(record.getClass());
            for (String name : names.value()) {
                Object part = model.field(name)
                        .orElseThrow(() -> new IllegalStateException(field.name() + " has no key component " + name))
                        .read(record);
                key.add(part == null ? "" : part.toString());
            }
            return key.toString();
        }
        return element instanceof Record ? Specs.canonicalText(Specs.json(element)) : element.toString();
    }

    /** A value that is a map, with its keys as texts; empty if it is none. */
    static Map<String, ?> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> m) {
            Map<String, Object> copy = new LinkedHashMap<>();
            m.forEach((k, v) -> copy.put(String.valueOf(k), v));
            return copy;
        }
        return Map.of();
    }

    /** A value that is a collection, as a list; empty if it is none. */
    static List<?> list(@Nullable Object value) {
        return value instanceof Collection<?> c ? List.copyOf(c) : List.of();
    }
}
