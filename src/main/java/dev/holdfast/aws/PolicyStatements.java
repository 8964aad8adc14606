package dev.holdfast.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The statements of IAM policies, compared by meaning and without their ids. Pure. */
public final class PolicyStatements {
    private PolicyStatements() {}

    /**
     * A policy with the allowing statements of another one.
     *
     * @param desired the policy; null: a policy without statements
     * @param there the policy from which the statements come
     * @param ours the policies of which one has to contain a statement, so that the statement is taken
     * @return the desired policy itself if there is no such statement, or if the policies do not deny the same: no
     *     policy then permits what each of the two permits, and nothing else
     */
    public static @Nullable JsonNode retaining(
            @Nullable JsonNode desired, JsonNode there, Collection<? extends JsonNode> ours) {
        Map<JsonNode, ObjectNode> taken = statements(there);
        Set<JsonNode> known = new HashSet<>();
        ours.forEach(policy -> known.addAll(statements(policy).keySet()));
        taken.keySet().retainAll(known);
        Map<JsonNode, ObjectNode> wanted = desired == null ? Map.of() : statements(desired);
        boolean comparable = desired == null || version(desired).equals(version(there));
        if (!comparable || (desired != null && !denials(taken).equals(denials(wanted)))) {
            return desired;
        }
        taken.keySet().removeAll(wanted.keySet());
        return taken.isEmpty() ? desired : joined(desired == null ? there : desired, wanted, taken);
    }

    /**
     * A policy with further statements of another one, whatever they allow or deny.
     *
     * @param which receives a policy of one statement in its {@link PolicyDocuments#canonical canonical form}, without
     *     its id
     */
    public static JsonNode with(JsonNode policy, JsonNode there, Predicate<JsonNode> which) {
        Map<JsonNode, ObjectNode> own = statements(policy);
        Map<JsonNode, ObjectNode> taken = statements(there);
        taken.keySet().removeIf(meaning -> own.containsKey(meaning) || !which.test(meaning));
        return taken.isEmpty() ? policy : joined(policy, own, taken);
    }

    /** The statements of a policy, each as a policy in its canonical form, without its id. */
    public static Set<JsonNode> meanings(JsonNode policy) {
        return statements(policy).keySet();
    }

    private static ObjectNode joined(
            JsonNode policy, Map<JsonNode, ObjectNode> wanted, Map<JsonNode, ObjectNode> taken) {
        ObjectNode result = object(policy).deepCopy();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Set<String> ids = new HashSet<>();
        wanted.values().forEach(statement -> {
            all.add(statement);
            ids.add(statement.path("Sid").asText());
        });
        // The ids of a policy's statements are unique.
        taken.values()
                .forEach(statement ->
                        all.add(ids.contains(statement.path("Sid").asText()) ? withoutId(statement) : statement));
        result.set("Statement", all);
        return result;
    }

    private static ObjectNode withoutId(ObjectNode statement) {
        ObjectNode copy = statement.deepCopy();
        copy.remove("Sid");
        return copy;
    }

    private static Set<JsonNode> denials(Map<JsonNode, ObjectNode> statements) {
        Set<JsonNode> denials = new HashSet<>();
        statements.forEach((meaning, statement) -> {
            if (!"Allow".equals(statement.path("Effect").asText())) {
                denials.add(meaning);
            }
        });
        return denials;
    }

    private static String version(JsonNode policy) {
        return object(policy).path("Version").asText();
    }

    private static ObjectNode object(JsonNode policy) {
        JsonNode parsed = policy.isTextual() ? PolicyDocuments.parse(policy.textValue()) : policy;
        return parsed instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    /** The statements by their canonical form without the id, in order. */
    private static Map<JsonNode, ObjectNode> statements(JsonNode policy) {
        JsonNode value = object(policy).path("Statement");
        List<JsonNode> elements = new ArrayList<>();
        (value.isArray() ? value : List.of(value)).forEach(elements::add);
        Map<JsonNode, ObjectNode> statements = new LinkedHashMap<>();
        for (JsonNode element : elements) {
            if (element instanceof ObjectNode statement) {
                ObjectNode alone = JsonNodeFactory.instance.objectNode();
                alone.set("Statement", withoutId(statement));
                statements.put(PolicyDocuments.canonical(alone), statement);
            }
        }
        return statements;
    }
}
