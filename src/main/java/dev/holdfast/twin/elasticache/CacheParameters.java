package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.TwinErrors.invalid;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticache.model.ChangeType;
import software.amazon.awssdk.services.elasticache.model.Parameter;
import software.amazon.awssdk.services.elasticache.model.ParameterNameValue;

/** A sample of the engines' parameters, with the engines' defaults. */
final class CacheParameters {
    private record CacheParameter(String name, String value, String type, boolean atOnce, boolean modifiable) {}

    /** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html */
    private static final List<CacheParameter> ALL = List.of(
            new CacheParameter("activedefrag", "no", "string", true, true),
            new CacheParameter("appendonly", "no", "string", true, false),
            new CacheParameter("cluster-enabled", "no", "string", false, true),
            new CacheParameter("databases", "16", "integer", false, true),
            new CacheParameter("maxmemory-policy", "volatile-lru", "string", true, true),
            new CacheParameter("maxmemory-samples", "3", "integer", true, true),
            new CacheParameter("notify-keyspace-events", "", "string", true, true),
            new CacheParameter("reserved-memory-percent", "25", "integer", true, true),
            new CacheParameter("slowlog-log-slower-than", "10000", "integer", true, true),
            new CacheParameter("slowlog-max-len", "128", "integer", true, true),
            new CacheParameter("tcp-keepalive", "300", "integer", false, true),
            new CacheParameter("timeout", "0", "integer", true, true));

    private CacheParameters() {}

    static boolean hasFamily(String family) {
        return family.matches("redis(2\\.8|3\\.2|4\\.0|5\\.0|6\\.x|7)|valkey[78]");
    }

    /** @param set the user's values; a value that equals the default does not count as set by the user */
    static Stream<Parameter> of(Map<String, String> set) {
        return ALL.stream().map(p -> {
            String own = set.getOrDefault(p.name(), p.value());
            return Parameter.builder()
                    .parameterName(p.name())
                    .parameterValue(own)
                    .source(own.equals(p.value()) ? "system" : "user")
                    .dataType(p.type())
                    .isModifiable(p.modifiable())
                    .changeType(p.atOnce() ? ChangeType.IMMEDIATE : ChangeType.REQUIRES_REBOOT)
                    .build();
        });
    }

    /** @return whether one of the changes requires a restart of the nodes */
    static boolean check(List<ParameterNameValue> changes) {
        boolean restart = false;
        for (ParameterNameValue change : changes) {
            CacheParameter known = ALL.stream()
                    .filter(p -> p.name().equals(change.parameterName()))
                    .findFirst()
                    .orElseThrow(() -> invalid(
                            "The parameter " + change.parameterName() + " cannot be found in this parameter group."));
            if (!known.modifiable()) {
                throw invalid("The parameter " + known.name() + " cannot be modified.");
            }
            if (known.type().equals("integer") && !change.parameterValue().matches("-?\\d+")) {
                throw invalid("The value " + change.parameterValue() + " is not valid for the parameter " + known.name()
                        + ".");
            }
            restart |= !known.atOnce();
        }
        return restart;
    }
}
