package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.kind.Permission;
import dev.holdfast.model.DesiredResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * The resources of a kind, in groups with the same conditions. A resource that does not state the field of a condition
 * key is in a separate group, so that no other resource loses the condition.
 */
record PermissionLimits(List<Group> groups) {
    /**
     * @param conditions the conditions, to which the caller may add
     * @param apart whether these resources are to be allowed by their exact names, because they lack a condition that
     *     others have
     */
    record Group(
            List<DesiredResource> resources, SortedMap<ConditionTest, SortedSet<String>> conditions, boolean apart) {}

    static PermissionLimits of(Permission permission, List<DesiredResource> all) {
        Map<SortedSet<String>, List<DesiredResource>> byKeys = new LinkedHashMap<>();
        all.stream()
                .filter(r -> permission.fields().isEmpty()
                        || permission.fields().stream().anyMatch(r.spec()::has))
                .forEach(r -> byKeys.computeIfAbsent(keys(permission, r), k -> new ArrayList<>())
                        .add(r));
        int most = byKeys.keySet().stream().mapToInt(SortedSet::size).max().orElse(0);
        List<Group> groups = new ArrayList<>();
        byKeys.forEach((keys, resources) -> {
            SortedMap<ConditionTest, SortedSet<String>> conditions = new TreeMap<>();
            for (String key : keys) {
                SortedSet<String> values = new TreeSet<>();
                resources.forEach(r -> values.addAll(values(permission, key, r)));
                if (values.isEmpty()) {
                    return; // No value is allowed, so the call cannot be made.
                }
                conditions.put(test(key), values);
            }
            groups.add(new Group(resources, conditions, keys.size() < most));
        });
        return new PermissionLimits(groups);
    }

    /** ARNs may have wildcards in place of references. */
    private static ConditionTest test(String key) {
        return key.startsWith("iam:") ? new ConditionTest("ArnLike", key) : ConditionTest.equal(key);
    }

    private static SortedSet<String> keys(Permission permission, DesiredResource resource) {
        SortedSet<String> stated = new TreeSet<>();
        permission.limits().forEach((key, field) -> {
            if (resource.spec().has(field) && !values(permission, key, resource).contains("")) {
                stated.add(key);
            }
        });
        return stated;
    }

    private static List<String> values(Permission permission, String key, DesiredResource resource) {
        JsonNode node = resource.spec().path(String.valueOf(permission.limits().get(key)));
        List<String> texts = node.isArray()
                ? StreamSupport.stream(node.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList()
                : List.of(node.asText());
        return texts.stream().map(PolicyArns::withoutReferences).toList();
    }
}
