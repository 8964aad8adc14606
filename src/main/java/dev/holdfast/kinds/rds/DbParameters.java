package dev.holdfast.kinds.rds;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * The parameters of a group of instances or of clusters. Only values are compared: RDS reports apply methods that no
 * request has set, and ignores a request that changes only the apply method.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html">Parameter groups</a>
 */
final class DbParameters {
    static final int PAGE = 100;
    /** The number of parameters that RDS accepts in one request. */
    private static final int AT_ONCE = 20;

    /** Parameters that RDS accepts only together in one request. */
    private static final List<Set<String>> COUPLED = List.of(
            Set.of("collation_server", "character_set_server"),
            Set.of("gtid-mode", "enforce_gtid_consistency"),
            Set.of("password_encryption", "rds.accepted_password_auth_method"),
            Set.of("ssl_min_protocol_version", "ssl_max_protocol_version"));

    private DbParameters() {}

    /**
     * The parameters of each request: at most twenty, with coupled parameters in the same request.
     *
     * @param differing the values that differ, by parameter name
     * @param all the parameters of the group
     */
    static List<List<Parameter>> requests(Map<String, String> differing, Iterable<Parameter> all) {
        Map<String, String> types = new HashMap<>();
        all.forEach(p -> types.put(p.parameterName(), p.applyType()));
        List<String> ordered = new ArrayList<>();
        Set<String> rest = new HashSet<>(differing.keySet());
        for (Set<String> coupled : COUPLED) {
            coupled.stream().sorted().filter(rest::remove).forEach(ordered::add);
        }
        rest.stream().sorted().forEach(ordered::add);
        return ordered.stream()
                .gather(Gatherers.windowFixed(AT_ONCE))
                .map(names -> names.stream()
                        .sorted()
                        .map(name -> parameter(name, differing.get(name), types.get(name)))
                        .toList())
                .toList();
    }

    /** RDS rejects a static parameter with the apply method immediate. */
    private static Parameter parameter(String name, @Nullable String value, @Nullable String type) {
        return Parameter.builder()
                .parameterName(name)
                .parameterValue(value)
                .applyMethod("dynamic".equals(type) ? ApplyMethod.IMMEDIATE : ApplyMethod.PENDING_REBOOT)
                .build();
    }
}
