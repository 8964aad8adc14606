package dev.holdfast.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.PolicySubject;
import dev.holdfast.model.PolicySubject.PolicyStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The subject of a policy as CEL values. */
final class PolicyValues {
    private final PolicySubject subject;
    private final Map<String, Object> made = new LinkedHashMap<>();

    PolicyValues(PolicySubject subject) {
        this.subject = subject;
    }

    /** The value of a variable; empty if there is no such variable. */
    Optional<Object> find(String variable) {
        Object value = made.get(variable);
        if (value == null) {
            value = make(variable);
            if (!(value instanceof Map<?, ?>)) {
                return Optional.empty();
            }
            made.put(variable, value);
        }
        return Optional.of(value);
    }

    private Object make(String variable) {
        return switch (variable) {
            case "step" -> step();
            case "desired" -> value(subject.desired());
            case "observed" -> value(subject.observed());
            case "stack" ->
                Map.of(
                        "name", subject.stack().name(),
                        "account", subject.stack().account(),
                        "region", subject.stack().region(),
                        "tags", subject.stack().tags());
            case "author" ->
                Map.of(
                        "name", subject.author().name(),
                        "message", subject.author().message());
            default -> "";
        };
    }

    private Map<String, Object> step() {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("kind", subject.resource().kind());
        step.put("name", subject.resource().name());
        step.put("resource", subject.resource().toString());
        step.put(
                "composite",
                subject.composite() == null ? "" : subject.composite().toString());
        PolicyStep planned = subject.step();
        if (planned != null) {
            step.put("action", planned.action().name());
            step.put("changed", planned.changed().stream().sorted().toList());
            step.put("risks", planned.risks().stream().sorted().map(Enum::name).toList());
        }
        return step;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    map.put(field.getKey(), value(field.getValue()));
                }
            });
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(value(element)));
            return list;
        }
        return node.isBoolean()
                ? (Object) node.booleanValue()
                : node.isIntegralNumber()
                        ? (Object) node.longValue()
                        : node.isNumber() ? (Object) node.doubleValue() : node.asText();
    }
}
