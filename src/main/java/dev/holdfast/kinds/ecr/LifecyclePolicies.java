package dev.holdfast.kinds.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Specs;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * Converts equivalent lifecycle policies to one form: the rules are sorted by priority, and the tags of a selection by
 * name, because their order has no effect.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html">
 *     Lifecycle policy properties</a>
 */
final class LifecyclePolicies {
    private static final Set<String> UNORDERED = Set.of("tagPrefixList", "tagPatternList");

    private LifecyclePolicies() {}

    /** A value that is not a lifecycle policy is returned unchanged. */
    static JsonNode canonical(JsonNode policy) {
        JsonNode read = policy.isTextual() ? PolicyDocuments.parse(policy.textValue()) : policy;
        if (!read.isObject()) {
            return policy;
        }
        ObjectNode result = (ObjectNode) PolicyDocuments.parse(Specs.canonicalText(read));
        if (result.get("rules") instanceof ArrayNode rules) {
            rules.forEach(LifecyclePolicies::rule);
            List<JsonNode> sorted = StreamSupport.stream(rules.spliterator(), false)
                    .sorted(Comparator.comparingInt(r -> r.path("rulePriority").asInt()))
                    .toList();
            rules.removeAll();
            rules.addAll(sorted);
        }
        return result;
    }

    private static void rule(JsonNode node) {
        if (!(node instanceof ObjectNode rule)) {
            return;
        }
        if (rule.path("description").asText("").isEmpty()) {
            rule.remove("description");
        }
        if (rule.get("selection") instanceof ObjectNode selection) {
            for (String name : UNORDERED) {
                if (selection.get(name) instanceof ArrayNode tags) {
                    Set<String> sorted = new TreeSet<>();
                    tags.forEach(t -> sorted.add(t.asText()));
                    tags.removeAll();
                    sorted.forEach(tags::add);
                }
            }
        }
    }
}
