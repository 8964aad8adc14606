package dev.holdfast.kinds.elbv2;

import dev.holdfast.kind.*;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like for a rule to take it, in one form: AWS answers hosts and paths both as values and as their own
 * configuration, and takes either; here it is always the latter.
 *
 * <p>A condition of a field that no document may say is observed with its field alone, so that it differs from every desired
 * one.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html">RuleCondition</a>
 */
public record RuleCondition(
        @Doc("What is looked at.")
        @Required
        @Offers({"host-header", "path-pattern", "http-header", "query-string", "http-request-method", "source-ip"})
        String field,

        @Doc("Short for the values of hostHeaderConfig, pathPatternConfig or httpRequestMethodConfig.")
        Set<String> values,

        @Doc("Hosts, as patterns or as regular expressions.") @OnlyWith(field = "field", value = "host-header")
        Patterns hostHeaderConfig,

        @Doc("Paths, as patterns or as regular expressions.") @OnlyWith(field = "field", value = "path-pattern")
        Patterns pathPatternConfig,

        @Doc("A header and its values.") @OnlyWith(field = "field", value = "http-header")
        HttpHeader httpHeaderConfig,

        @Doc("Parts of the query.") @OnlyWith(field = "field", value = "query-string")
        QueryString queryStringConfig,

        @Doc("Methods.") @OnlyWith(field = "field", value = "http-request-method")
        ConditionValues httpRequestMethodConfig,

        @Doc("Ranges of clients' addresses.") @OnlyWith(field = "field", value = "source-ip")
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
            @Doc("The values, any of which will do.") @Required
            Set<String> values) {
        public ConditionValues {
            values = sorted(values);
        }
    }

    /** The console offers "value matching" or "regex matching", never both in one condition. */
    @OneOf({"values", "regexValues"})
    public record Patterns(
            @Doc("The patterns, any of which will do; * and ? stand for anything.")
            Set<String> values,

            @Doc("The regular expressions, any of which will do.")
            Set<String> regexValues) {
        public Patterns {
            values = sortedOrNone(values);
            regexValues = sortedOrNone(regexValues);
        }
    }

    @OneOf({"values", "regexValues"})
    public record HttpHeader(
            @Doc("The header's name.") @Required String httpHeaderName,

            @Doc("The values, any of which will do; * and ? stand for anything.")
            Set<String> values,

            @Doc("The regular expressions, any of which will do.")
            Set<String> regexValues) {
        public HttpHeader {
            values = sortedOrNone(values);
            regexValues = sortedOrNone(regexValues);
        }
    }

    public record QueryString(
            @Doc("The pairs, any of which will do.") @Required
            Set<KeyValue> values) {
        public QueryString {
            values = sorted(values);
        }
    }

    public record KeyValue(
            @Doc("The key; none: any.") String key,
            @Doc("The value.") @Required String value) {}

    /** Conditions pair by their whole value, in which equal sets must also be equal texts. */
    private static <T> Set<T> sorted(@Nullable Set<T> values) {
        Set<T> sorted = new TreeSet<>(Comparator.comparing(Object::toString));
        sorted.addAll(values == null ? Set.of() : values);
        return Collections.unmodifiableSet(sorted);
    }

    private static @Nullable Set<String> sortedOrNone(@Nullable Set<String> values) {
        return values == null || values.isEmpty() ? null : sorted(values);
    }
}
