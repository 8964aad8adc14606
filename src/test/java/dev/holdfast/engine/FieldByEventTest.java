package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.events.EventsWorld;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every field of a kind that a stranger can change is healed by its event alone: passes come once a day. The suite runs some
 * kinds of each service; {@code -Dholdfast.fields=all}, or names with commas, runs others.
 */
class FieldByEventTest {
    private static final String SOME = "SecurityGroup,Alarm,SecretRotation";

    @TestFactory
    Stream<DynamicTest> kinds() {
        String asked = System.getProperty("holdfast.fields", SOME);
        return TestKinds.all().all().values().stream()
                .filter(kind -> asked.equals("all")
                        || List.of(asked.split(",")).contains(kind.info().name()))
                .map(kind -> dynamicTest(kind.info().name(), () -> healedByEvents(kind)));
    }

    private static void healedByEvents(Kind<?> kind) {
        FieldFixture fixture = FieldFixture.of(kind);
        assertThat(fixture).isNotNull();
        try (FieldProof proof = new FieldProof(fixture, "'interval':'PT24H',")) {
            proof.converge("as it is first desired", Map.of());
            EventsWorld events = new EventsWorld(proof.world);
            Map<FieldCase, JsonNode> values = proof.strangersValues();
            proof.meddle(values);
            events.run(Duration.ofMinutes(4));
            Map<String, String> unhealed = new TreeMap<>();
            Set<FieldCase> open = Set.copyOf(proof.open);
            for (FieldCase one : values.keySet()) {
                if (open.contains(one) && !one.hidden()) {
                    List<DriftItem> items = proof.world.view().drift().stream()
                            .filter(item -> item.resource().equals(proof.id(one)))
                            .toList();
                    boolean healed = items.stream()
                            .anyMatch(item -> item.state() == DriftItem.DriftState.Repaired && item.by() != null);
                    if (!healed) {
                        unhealed.put(one.toString(), String.valueOf(items));
                    }
                }
            }
            assertThat(unhealed).isEmpty();
        }
    }
}
