package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/**
 * The filters of ListSecrets. A secret must match one value of every filter. A value matches at the start of a text.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html">Filter</a>
 */
final class SecretFilters {
    private SecretFilters() {}

    static boolean hold(List<Filter> filters, SecretListEntry entry) {
        return filters.stream()
                .allMatch(f -> f.values().stream()
                        .anyMatch(v -> v.startsWith("!") ? !holds(f, entry, v.substring(1)) : holds(f, entry, v)));
    }

    private static boolean holds(Filter filter, SecretListEntry entry, String value) {
        Stream<String> tagKeys = entry.tags().stream().map(Tag::key);
        Stream<String> tagValues = entry.tags().stream().map(Tag::value);
        String description = Objects.requireNonNullElse(entry.description(), "");
        return switch (filter.key()) {
            case NAME -> entry.name().startsWith(value);
            case TAG_KEY -> tagKeys.anyMatch(k -> k.startsWith(value));
            case TAG_VALUE -> tagValues.anyMatch(v -> v.startsWith(value));
            case DESCRIPTION -> description.toLowerCase(Locale.ROOT).startsWith(value.toLowerCase(Locale.ROOT));
            case ALL ->
                Stream.of(Stream.of(entry.name(), description), tagKeys, tagValues)
                        .flatMap(s -> s)
                        .anyMatch(s -> s.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT)));
            case PRIMARY_REGION, OWNING_SERVICE -> false;
            case UNKNOWN_TO_SDK_VERSION ->
                throw named(InvalidParameterException.builder(), "Invalid filter key " + filter.keyAsString());
        };
    }
}
