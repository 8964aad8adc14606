package dev.holdfast.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A statement of an IAM policy.
 *
 * @param conditions by operator and key: {@code StringEquals aws:RequestedRegion}
 */
record PolicyStatement(
        PolicyEffect effect,
        SortedSet<String> actions,
        SortedSet<String> resources,
        SortedMap<ConditionTest, SortedSet<String>> conditions) {

    enum PolicyEffect {
        Allow,
        Deny
    }

    static PolicyStatement allowed(
            Collection<String> actions,
            Collection<String> resources,
            Map<ConditionTest, ? extends Collection<String>> conditions) {
        return of(PolicyEffect.Allow, actions, resources, conditions);
    }

    static PolicyStatement denied(
            Collection<String> actions,
            Collection<String> resources,
            Map<ConditionTest, ? extends Collection<String>> conditions) {
        return of(PolicyEffect.Deny, actions, resources, conditions);
    }

    private static PolicyStatement of(
            PolicyEffect effect,
            Collection<String> actions,
            Collection<String> resources,
            Map<ConditionTest, ? extends Collection<String>> conditions) {
        SortedMap<ConditionTest, SortedSet<String>> tests = new TreeMap<>();
        conditions.forEach((test, values) -> tests.put(test, new TreeSet<>(values)));
        return new PolicyStatement(effect, new TreeSet<>(actions), new TreeSet<>(resources), tests);
    }

    boolean allows() {
        return effect == PolicyEffect.Allow;
    }

    /** The operator and the key of a condition. */
    record ConditionTest(String operator, String key) implements Comparable<ConditionTest> {
        static ConditionTest equal(String key) {
            return new ConditionTest("StringEquals", key);
        }

        @Override
        public int compareTo(ConditionTest other) {
            int byOperator = operator.compareTo(other.operator);
            return byOperator != 0 ? byOperator : key.compareTo(other.key);
        }
    }

    PolicyStatement with(Collection<String> otherActions) {
        return new PolicyStatement(effect, new TreeSet<>(otherActions), resources, conditions);
    }

    PolicyStatement on(Collection<String> otherResources) {
        return new PolicyStatement(effect, actions, new TreeSet<>(otherResources), conditions);
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("Effect", effect.name());
        list(node.putArray("Action"), actions);
        list(node.putArray("Resource"), resources);
        if (!conditions.isEmpty()) {
            ObjectNode all = node.putObject("Condition");
            conditions.forEach(
                    (test, values) -> list(all.withObject("/" + test.operator()).putArray(test.key()), values));
        }
        return node;
    }

    private static void list(ArrayNode to, Collection<String> values) {
        values.forEach(to::add);
    }
}
