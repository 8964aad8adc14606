package dev.holdfast.kind.wire;

import dev.holdfast.aws.SdkShapes;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The parameters of a group that have a value, by name. Services report another source than the user for a value that
 * equals the default, even if a request has set the value. They also write some values in another form than the
 * request: {@code on} as 1, {@code 0100} as 100.
 *
 * @param types the data types by name: boolean, integer, float, list, string
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html">Values of parameters</a>
 */
public record ParameterValues(Map<String, String> values, Map<String, String> types) {
    private static final List<String> TRUE = List.of("1", "on", "true", "yes");
    private static final List<String> FALSE = List.of("0", "off", "false", "no");

    /** @param all the service's list, whose shapes have a parameterName, a parameterValue and a dataType */
    public static ParameterValues of(Iterable<? extends SdkPojo> all) {
        Map<String, String> values = new TreeMap<>();
        Map<String, String> types = new TreeMap<>();
        for (SdkPojo parameter : all) {
            Object value = SdkShapes.get(parameter, "parameterValue");
            if (value != null) {
                String name = String.valueOf(SdkShapes.get(parameter, "parameterName"));
                values.put(name, String.valueOf(value));
                types.put(name, String.valueOf(SdkShapes.get(parameter, "dataType")));
            }
        }
        return new ParameterValues(values, types);
    }

    /**
     * The values, each in the form of the desired value if both mean the same.
     *
     * @param desired null if no document desires values
     */
    public Map<String, String> inFormOf(@Nullable Map<String, String> desired) {
        Map<String, String> all = new TreeMap<>(values);
        if (desired != null) {
            all.replaceAll((name, value) -> {
                String wanted = desired.get(name);
                return wanted != null && isSame(String.valueOf(types.get(name)), wanted, value) ? wanted : value;
            });
        }
        return all;
    }

    private static boolean isSame(String type, String one, String other) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "boolean" ->
                (isOneOf(TRUE, one) && isOneOf(TRUE, other)) || (isOneOf(FALSE, one) && isOneOf(FALSE, other));
            case "integer", "float" -> isSameNumber(one, other);
            case "list" -> elements(one).equals(elements(other));
            default -> one.equals(other);
        };
    }

    private static boolean isOneOf(List<String> words, String value) {
        return words.contains(value.toLowerCase(Locale.ROOT));
    }

    private static boolean isSameNumber(String one, String other) {
        String number = "[+-]?\\d{1,30}(\\.\\d{1,30})?";
        return one.matches(number)
                && other.matches(number)
                && new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
    }

    private static List<String> elements(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).toList();
    }
}
