package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Specs;
import java.util.List;
import java.util.Map;

/** Creates the policies of roles. */
final class RolePolicies {
    private RolePolicies() {}

    static Map<String, Object> policy(String name, List<?> statements) {
        return JsonFields.of("policyName", name, "policyDocument", document(statements));
    }

    static JsonNode document(List<?> statements) {
        return Specs.json(JsonFields.of("Version", "2012-10-17", "Statement", statements));
    }

    static Map<String, Object> allow(List<String> actions, List<String> resources) {
        return JsonFields.of("Effect", "Allow", "Action", actions, "Resource", resources);
    }
}
