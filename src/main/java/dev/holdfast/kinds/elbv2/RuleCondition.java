package dev.holdfast.kinds.elbv2;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Required;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.QueryStringKeyValuePair;

/**
 * What a request must be like for a rule to take it, in one form: AWS answers hosts and paths both as values and as their own
 * configuration, and takes either; here it is always the latter.
 *
 * <p>A condition of a field that is not offered reads as one without a field, which no document can have.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html">RuleCondition</a>
 */
public record RuleCondition(
        @Doc("What is looked at.") @Required @Nullable Field field,

        @Doc("Short for the values of hostHeaderConfig, pathPatternConfig or httpRequestMethodConfig.") @Nullable
        Set<String> values,

        @Doc("Hosts; * and ? stand for anything.") @Nullable Values hostHeaderConfig,
        @Doc("Paths; * and ? stand for anything.") @Nullable Values pathPatternConfig,
        @Doc("A header and its values.") @Nullable HttpHeader httpHeaderConfig,
        @Doc("Parts of the query.") @Nullable QueryString queryStringConfig,
        @Doc("Methods.") @Nullable Values httpRequestMethodConfig,
        @Doc("Ranges of clients' addresses.") @Nullable Values sourceIpConfig) {

    public RuleCondition {
        if (field != null && values != null && !values.isEmpty()) {
            Values all = new Values(values);
            switch (field) {
                case HOST_HEADER -> hostHeaderConfig = hostHeaderConfig == null ? all : hostHeaderConfig;
                case PATH_PATTERN -> pathPatternConfig = pathPatternConfig == null ? all : pathPatternConfig;
                case HTTP_REQUEST_METHOD ->
                    httpRequestMethodConfig = httpRequestMethodConfig == null ? all : httpRequestMethodConfig;
                case SOURCE_IP -> sourceIpConfig = sourceIpConfig == null ? all : sourceIpConfig;
                case HTTP_HEADER, QUERY_STRING -> {}
            }
        }
        values = null;
    }

    public enum Field {
        HOST_HEADER("host-header"),
        PATH_PATTERN("path-pattern"),
        HTTP_HEADER("http-header"),
        QUERY_STRING("query-string"),
        HTTP_REQUEST_METHOD("http-request-method"),
        SOURCE_IP("source-ip");
        private final String wire;

        Field(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    public record Values(
            @Doc("The values, any of which will do.") @Required @Nullable
            Set<String> values) {
        public Values {
            values = sorted(values);
        }

        Set<String> all() {
            return values == null ? Set.of() : values;
        }
    }

    public record HttpHeader(
            @Doc("The header's name.") @Required @Nullable String httpHeaderName,

            @Doc("The values, any of which will do.") @Required @Nullable
            Set<String> values) {
        public HttpHeader {
            values = sorted(values);
        }
    }

    public record QueryString(
            @Doc("The pairs, any of which will do.") @Required @Nullable
            Set<KeyValue> values) {
        public QueryString {
            values = sorted(values);
        }
    }

    public record KeyValue(
            @Doc("The key; none: any.") @Nullable String key,
            @Doc("The value.") @Required @Nullable String value) {}

    /** Conditions pair by their whole value, in which equal sets must also be equal texts. */
    private static <T> Set<T> sorted(@Nullable Set<T> values) {
        Set<T> sorted = new TreeSet<>(Comparator.comparing(Object::toString));
        sorted.addAll(values == null ? Set.of() : values);
        return Collections.unmodifiableSet(sorted);
    }

    static RuleCondition observed(software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition c) {
        var host = c.hostHeaderConfig();
        var path = c.pathPatternConfig();
        var header = c.httpHeaderConfig();
        var query = c.queryStringConfig();
        var method = c.httpRequestMethodConfig();
        var source = c.sourceIpConfig();
        return new RuleCondition(
                Elb.constant(Field.class, c.field()),
                Set.copyOf(c.values()),
                host == null ? null : new Values(Set.copyOf(host.values())),
                path == null ? null : new Values(Set.copyOf(path.values())),
                header == null ? null : new HttpHeader(header.httpHeaderName(), Set.copyOf(header.values())),
                query == null
                        ? null
                        : new QueryString(query.values().stream()
                                .map(v -> new KeyValue(v.key(), v.value()))
                                .collect(Collectors.toUnmodifiableSet())),
                method == null ? null : new Values(Set.copyOf(method.values())),
                source == null ? null : new Values(Set.copyOf(source.values())));
    }

    software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition requested() {
        var request = software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition.builder()
                .field(Elb.wire(field));
        Values host = hostHeaderConfig;
        if (host != null) {
            request.hostHeaderConfig(h -> h.values(host.all()));
        }
        Values path = pathPatternConfig;
        if (path != null) {
            request.pathPatternConfig(p -> p.values(path.all()));
        }
        HttpHeader header = httpHeaderConfig;
        if (header != null) {
            request.httpHeaderConfig(
                    h -> h.httpHeaderName(header.httpHeaderName()).values(header.values()));
        }
        QueryString query = queryStringConfig;
        if (query != null) {
            Set<KeyValue> pairs = query.values() == null ? Set.of() : query.values();
            request.queryStringConfig(q -> q.values(pairs.stream()
                    .map(p -> QueryStringKeyValuePair.builder()
                            .key(p.key())
                            .value(p.value())
                            .build())
                    .toList()));
        }
        Values method = httpRequestMethodConfig;
        if (method != null) {
            request.httpRequestMethodConfig(m -> m.values(method.all()));
        }
        Values source = sourceIpConfig;
        if (source != null) {
            request.sourceIpConfig(s -> s.values(source.all()));
        }
        return request.build();
    }
}
