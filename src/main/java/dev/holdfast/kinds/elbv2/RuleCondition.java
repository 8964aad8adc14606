package dev.holdfast.kinds.elbv2;

import dev.holdfast.kind.*;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a rule on requests, in a normal form. AWS returns hosts and paths both as values and as a separate
 * configuration, and accepts either. The normal form has only the configuration.
 *
 * <p>A condition of a field that no document may contain is observed with its field alone, so that it differs from
 * every desired condition.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html">RuleCondition</a>
 */
public record RuleCondition(
        @Doc("The part of the request that is checked.")
        @Required
        @Offers({"host-header", "path-pattern", "http-header", "query-string", "http-request-method", "source-ip"})
        String field,

        @Doc("A short form for the values of hostHeaderConfig, pathPatternConfig or httpRequestMethodConfig.")
        Set<String> values,

        @Doc("Hosts, as patterns or as regular expressions.") @OnlyWith(field = "field", value = "host-header")
        Patterns hostHeaderConfig,

        @Doc("Paths, as patterns or as regular expressions.") @OnlyWith(field = "field", value = "path-pattern")
        Patterns pathPatternConfig,

        @Doc("A header and its values.") @OnlyWith(field = "field", value = "http-header")
        HttpHeader httpHeaderConfig,

        @Doc("The pairs of key and value in the query.") @OnlyWith(field = "field", value = "query-string")
        QueryString queryStringConfig,

        @Doc("The HTTP methods.") @OnlyWith(field = "field", value = "http-request-method")
        ConditionValues httpRequestMethodConfig,

        @Doc("The address ranges of clients.") @OnlyWith(field = "field", value = "source-ip")
        ConditionValues sourceIpConfig) {

    public RuleCondition {
        if (field != null && values != null && !values.isEmpty()) {
            ConditionValues all = new ConditionValues(values);
            Patterns patterns = new Patterns(values, null);
            switch (field) {
                case "host-header" -> hostHeaderConfig = hostHeaderConfig == null ? patterns : hostHeaderConfig;
                case "path-pattern" -> pathPatternConfig = pathPatternConfig == null ? patterns : pathPatternConfig;
                case "http-request-method" ->
                    httpRequestMethodConfig = httpRequestMethodConfig == null ? all : httpRequestMethodConfig;
                case "source-ip" -> sourceIpConfig = sourceIpConfig == null ? all : sourceIpConfig;
                default -> {}
            }
        }
        values = null;
    }

    public record ConditionValues(
            @Doc("The values, one of which must match.") @Required
            Set<String> values) {
        public ConditionValues {
            values = sorted(values);
        }
    }

    /** The console offers "value matching" or "regex matching", never both in one condition. */
    @OneOf({"values", "regexValues"})
    public record Patterns(
            @Doc("The patterns, one of which must match; * matches any text, ? any character.")
            Set<String> values,

            @Doc("The regular expressions, one of which must match.")
            Set<String> regexValues) {
        public Patterns {
            values = sortedOrNone(values);
            regexValues = sortedOrNone(regexValues);
        }
    }

    @OneOf({"values", "regexValues"})
    public record HttpHeader(
            @Doc("The header's name.") @Required String httpHeaderName,

            @Doc("The values, one of which must match; * matches any text, ? any character.")
            Set<String> values,

            @Doc("The regular expressions, one of which must match.")
            Set<String> regexValues) {
        public HttpHeader {
            values = sortedOrNone(values);
            regexValues = sortedOrNone(regexValues);
        }
    }

    public record QueryString(
            @Doc("The pairs, one of which must match.") @Required
            Set<KeyValue> values) {
        public QueryString {
            values = sorted(values);
        }
    }

    public record KeyValue(
            @Doc("The key; any key if absent.") String key,
            @Doc("The value.") @Required String value) {}

    /** Desired and observed conditions pair by their whole value, so that equal sets must be equal texts. */
    private static <T> Set<T> sorted(@Nullable Set<T> values) {
        Set<T> sorted = new TreeSet<>(Comparator.comparing(Object::toString));
        sorted.addAll(values == null ? Set.of() : values);
        return Collections.unmodifiableSet(sorted);
    }

    private static @Nullable Set<String> sortedOrNone(@Nullable Set<String> values) {
        return values == null || values.isEmpty() ? null : sorted(values);
    }
}
