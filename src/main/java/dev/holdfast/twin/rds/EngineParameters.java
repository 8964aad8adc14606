package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.invalid;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.Parameter;

/** A sample of the parameters of each engine, with the engine's defaults. */
final class EngineParameters {
    /** @param value the default; null if the engine computes it */
    private record EngineParameter(String name, @Nullable String value, boolean dynamic) {
        /** RDS's data type. */
        String type() {
            return TYPES.getOrDefault(name, "string");
        }

        /** RDS stores booleans as 1 and 0, numbers without leading zeros, and lists without spaces. */
        String stored(String given) {
            return switch (type()) {
                case "boolean" -> given.matches("(?i)1|on|true|yes") ? "1" : "0";
                case "integer" -> given.matches("\\d+") ? String.valueOf(Long.parseLong(given)) : given;
                case "list" -> given.replaceAll("\\s*,\\s*", ",");
                default -> given;
            };
        }
    }

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("log_connections", "boolean"),
            Map.entry("rds.force_ssl", "boolean"),
            Map.entry("rds.logical_replication", "boolean"),
            Map.entry("slow_query_log", "boolean"),
            Map.entry("performance_schema", "boolean"),
            Map.entry("log_min_duration_statement", "integer"),
            Map.entry("work_mem", "integer"),
            Map.entry("idle_in_transaction_session_timeout", "integer"),
            Map.entry("max_connections", "integer"),
            Map.entry("shared_buffers", "integer"),
            Map.entry("innodb_buffer_pool_size", "integer"),
            Map.entry("long_query_time", "float"),
            Map.entry("shared_preload_libraries", "list"));

    private static final List<EngineParameter> POSTGRES = List.of(
            new EngineParameter("log_min_duration_statement", null, true),
            new EngineParameter("log_connections", null, true),
            new EngineParameter("log_statement", null, true),
            new EngineParameter("work_mem", null, true),
            new EngineParameter("idle_in_transaction_session_timeout", "86400000", true),
            new EngineParameter("rds.force_ssl", "1", true),
            new EngineParameter("rds.logical_replication", "0", false),
            new EngineParameter("max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)", false),
            new EngineParameter("shared_buffers", "{DBInstanceClassMemory/32768}", false),
            new EngineParameter("shared_preload_libraries", "pg_stat_statements", false));

    private static final List<EngineParameter> MYSQL = List.of(
            new EngineParameter("character_set_server", null, true),
            new EngineParameter("collation_server", null, true),
            new EngineParameter("slow_query_log", null, true),
            new EngineParameter("long_query_time", null, true),
            new EngineParameter("max_connections", "{DBInstanceClassMemory/12582880}", true),
            new EngineParameter("innodb_buffer_pool_size", "{DBInstanceClassMemory*3/4}", true),
            new EngineParameter("performance_schema", null, false));

    /** The parameters of a whole cluster of Aurora; its instances have the other parameters of the engine. */
    private static final List<EngineParameter> AURORA_CLUSTER = List.of(
            new EngineParameter("log_min_duration_statement", null, true),
            new EngineParameter("log_statement", null, true),
            new EngineParameter("rds.force_ssl", "0", true),
            new EngineParameter("rds.logical_replication", "0", false),
            new EngineParameter("timezone", "UTC", true),
            new EngineParameter("shared_preload_libraries", "pg_stat_statements", false));

    /** The parameters of instances of Aurora. */
    private static final List<EngineParameter> AURORA =
            POSTGRES.stream().filter(p -> !p.name().startsWith("rds.")).toList();

    /** The prefix of a key that stores the apply method of a parameter. */
    private static final String METHOD = "apply:";

    private EngineParameters() {}

    /** RDS stores the apply method with the value, and ignores a change of the method alone. */
    static void put(Map<String, String> set, Parameter change) {
        String value = new EngineParameter(change.parameterName(), null, true).stored(change.parameterValue());
        if (!value.equals(set.put(change.parameterName(), value))) {
            set.put(METHOD + change.parameterName(), change.applyMethodAsString());
        }
    }

    static void remove(Map<String, String> set, String name) {
        set.remove(name);
        set.remove(METHOD + name);
    }

    static boolean hasFamily(String family) {
        return family.matches(
                "(aurora-postgresql|postgres)(1[1-8])|mysql(5\\.7|8\\.0|8\\.4)|mariadb(10\\.\\d+|11\\.\\d)");
    }

    private static List<EngineParameter> of(String family, boolean cluster) {
        if (family.startsWith("aurora-")) {
            return cluster ? AURORA_CLUSTER : AURORA;
        }
        return family.startsWith("postgres") ? POSTGRES : MYSQL;
    }

    /** @param set the user's values; a value that equals the default does not count as set by the user */
    static Stream<Parameter> of(String family, boolean cluster, Map<String, String> set) {
        return of(family, cluster).stream().map(p -> {
            String own = set.get(p.name());
            boolean user = own != null && !own.equals(p.value());
            return Parameter.builder()
                    .parameterName(p.name())
                    .parameterValue(own == null ? p.value() : own)
                    .source(user ? "user" : p.value() == null ? "engine-default" : "system")
                    .applyType(p.dynamic() ? "dynamic" : "static")
                    .applyMethod(set.getOrDefault(METHOD + p.name(), ApplyMethod.PENDING_REBOOT.toString()))
                    .isModifiable(true)
                    .dataType(p.type())
                    .build();
        });
    }

    private static boolean isDynamic(String family, boolean cluster, String name) {
        return of(family, cluster).stream().anyMatch(p -> p.name().equals(name) && p.dynamic());
    }

    static void check(String family, boolean cluster, List<Parameter> changes) {
        for (Parameter change : changes) {
            if (of(family, cluster).stream().noneMatch(p -> p.name().equals(change.parameterName()))) {
                throw invalid("Could not find parameter with name: " + change.parameterName());
            }
            if (change.applyMethod() == ApplyMethod.IMMEDIATE && !isDynamic(family, cluster, change.parameterName())) {
                throw combination("cannot use immediate apply method for static parameter");
            }
        }
    }
}
