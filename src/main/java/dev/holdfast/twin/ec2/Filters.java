package dev.holdfast.twin.ec2;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * The filters of one Describe call: filters are joined by and, values by or; {@code *} and {@code ?} are wild.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html">Filtering</a>
 */
final class Filters<T> {
    private static final int MOST_VALUES = 200;

    private final Map<String, Function<T, Stream<String>>> known = new LinkedHashMap<>();
    private final Function<T, List<Tag>> tags;

    private Filters(Function<T, List<Tag>> tags) {
        this.tags = tags;
    }

    static <T> Filters<T> of(Function<T, List<Tag>> tags) {
        return new Filters<>(tags);
    }

    Filters<T> one(String name, Function<T, @Nullable Object> value) {
        known.put(
                name,
                t -> Stream.of(value)
                        .map(f -> f.apply(t))
                        .filter(Objects::nonNull)
                        .map(String::valueOf));
        return this;
    }

    Filters<T> many(String name, Function<T, ? extends Collection<String>> values) {
        known.put(name, t -> values.apply(t).stream().filter(Objects::nonNull));
        return this;
    }

    List<T> select(List<T> all, List<Filter> asked) {
        if (asked.stream().mapToInt(f -> f.values().size()).sum() > MOST_VALUES) {
            throw Ec2Errors.error(
                    "FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is " + MOST_VALUES);
        }
        Stream<T> left = all.stream();
        for (Filter filter : asked) {
            Function<T, Stream<String>> values = values(filter.name());
            List<Pattern> patterns =
                    filter.values().stream().map(Filters::pattern).toList();
            left = left.filter(t -> values.apply(t)
                    .anyMatch(v -> patterns.stream().anyMatch(p -> p.matcher(v).matches())));
        }
        return left.toList();
    }

    private Function<T, Stream<String>> values(String name) {
        if (name.equals("tag-key")) {
            return t -> tags.apply(t).stream().map(Tag::key);
        }
        if (name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return t -> tags.apply(t).stream().filter(x -> x.key().equals(key)).map(Tag::value);
        }
        Function<T, Stream<String>> values = known.get(name);
        if (values == null) {
            throw Ec2Errors.error("InvalidParameterValue", "The filter '" + name + "' is invalid");
        }
        return values;
    }

    private static Pattern pattern(String value) {
        return Pattern.compile(
                value.chars()
                        .mapToObj(c -> switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
