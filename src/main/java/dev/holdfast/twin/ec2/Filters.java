package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.PolicyElements;
import dev.holdfast.twin.store.TwinTags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * The filters of one Describe call. A resource must match every filter, and one value of each. {@code *} and {@code ?}
 * are wildcards.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html">Filtering</a>
 */
final class Filters {
    private static final int MOST_VALUES = 200;

    /** The paths to the members of the shape, by filter name. */
    private final Map<String, List<String>> paths = new LinkedHashMap<>();

    private Filters() {}

    /**
     * @param names the names of the filters. A filter whose name differs from the member has the form {@code
     *     name=path}, such as {@code group-id=groups.group-id}
     */
    static Filters of(String... names) {
        Filters filters = new Filters();
        for (String name : names) {
            String[] parts = name.split("=", 2);
            String path = parts[parts.length - 1].replace("-", "");
            filters.paths.put(parts[0], List.of(path.split("\\.", -1)));
        }
        return filters;
    }

    /** @param asked the filters of the request */
    <T extends SdkPojo> Stream<T> select(Stream<T> all, List<Filter> asked) {
        if (asked.stream().mapToInt(f -> f.values().size()).sum() > MOST_VALUES) {
            throw error(
                    "FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is " + MOST_VALUES);
        }
        List<Predicate<SdkPojo>> predicates =
                asked.stream().map(this::predicate).toList();
        return all.filter(shape -> predicates.stream().allMatch(p -> p.test(shape)));
    }

    private Predicate<SdkPojo> predicate(Filter filter) {
        Predicate<String> fits = value -> filter.values().stream().anyMatch(p -> PolicyElements.fits(p, value, false));
        String name = filter.name();
        if (name.equals("tag-key")) {
            return shape -> TwinTags.in(shape).keySet().stream().anyMatch(fits);
        }
        if (name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return shape -> Stream.ofNullable(TwinTags.in(shape).get(key)).anyMatch(fits);
        }
        List<String> path = paths.get(name);
        if (path == null) {
            throw invalid("The filter '" + name + "' is invalid");
        }
        return shape -> values(Stream.of(shape), path).anyMatch(fits);
    }

    private static Stream<String> values(Stream<?> shapes, List<String> path) {
        Stream<?> left = shapes;
        for (String member : path) {
            left = left.flatMap(shape -> elements(SdkShapes.get((SdkPojo) shape, member)));
        }
        return left.map(String::valueOf);
    }

    private static Stream<?> elements(@Nullable Object value) {
        return value instanceof Collection<?> all ? all.stream().filter(Objects::nonNull) : Stream.ofNullable(value);
    }
}
