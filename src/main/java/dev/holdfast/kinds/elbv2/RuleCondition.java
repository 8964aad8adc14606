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

        @Doc("Hosts; * and ? stand for anything.") @OnlyWith(field = "field", value = "host-header")
        ConditionValues hostHeaderConfig,

        @Doc("Paths; * and ? stand for anything.") @OnlyWith(field = "field", value = "path-pattern")
        ConditionValues pathPatternConfig,

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
            switch (field) {
                case "host-header" -> hostHeaderConfig = hostHeaderConfig == null ? all : hostHeaderConfig;
                case "path-pattern" -> pathPatternConfig = pathPatternConfig == null ? all : pathPatternConfig;
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

    public record HttpHeader(
            @Doc("The header's name.") @Required String httpHeaderName,

            @Doc("The values, any of which will do.") @Required
            Set<String> values) {
        public HttpHeader {
            values = sorted(values);
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
}
