package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.events.EventsWorld;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The operator repairs every field that a stranger can change because of the change event alone: passes come once a
 * day. The suite tests the kinds whose events were hardest to read, and some others, which change every day.
 * {@code -Dholdfast.fields=all}, or names with commas, selects other kinds.
 */
class FieldByEventTest {
    private static final Set<String> ALWAYS = Set.of("SecurityGroup", "RouteTable", "RecordSet", "SecretRotation");
    private static final int OTHERS = 3;
    /** The test of this kind takes as long as all others of a day. */
    private static final Set<String> SLOW = Set.of("ReplicationGroup");

    /** ElastiCache needs minutes for the change and for its repair; every other kind needs much less. */
    private static final Duration AT_MOST = Duration.ofMinutes(40);

    @TestFactory
    Stream<DynamicTest> kinds() {
        String asked = System.getProperty("holdfast.fields", "");
        long seed = Long.getLong(
                "holdfast.fields.seed", LocalDate.now(ZoneOffset.UTC).toEpochDay());
        Set<String> names = asked.isEmpty() ? sample(seed) : Set.of(asked.split(","));
        return TestKinds.all().all().values().stream()
                .filter(kind ->
                        asked.equals("all") || names.contains(kind.info().name()))
                .map(kind -> dynamicTest(
                        kind.info().name() + ", -Dholdfast.fields.seed=" + seed, () -> healedByEvents(kind)));
    }

    private static Set<String> sample(long seed) {
        List<String> others = new ArrayList<>(TestKinds.all().all().keySet());
        others.removeAll(ALWAYS);
        others.removeAll(SLOW);
        Collections.shuffle(others, new Random(seed));
        Set<String> sample = new TreeSet<>(ALWAYS);
        sample.addAll(others.subList(0, OTHERS));
        return sample;
    }

    private static void healedByEvents(Kind<?> kind) {
        FieldFixture fixture = FieldFixture.of(kind);
        assertThat(fixture).isNotNull();
        try (FieldProof proof = new FieldProof(fixture, "'interval':'PT24H',")) {
            proof.converge("as it is first desired", Map.of());
            EventsWorld events = new EventsWorld(proof.world);
            // The passes of the first deployment have ended, and their events have been read.
            events.run(Duration.ofMinutes(1));
            Map<FieldCase, JsonNode> values = proof.strangersValues();
            proof.meddle(values);
            List<FieldCase> seen = values.keySet().stream()
                    .filter(one -> proof.open.contains(one) && !one.hidden())
                    .toList();
            events.runUntil(() -> unhealed(proof, seen).values().stream().allMatch(FieldByEventTest::waits), AT_MOST);
            // Some repairs cut connections and need an approval.
            proof.world.approveHeld();
            events.runUntil(() -> unhealed(proof, seen).isEmpty(), AT_MOST);
            assertThat(unhealed(proof, seen)).isEmpty();
        }
    }

    private static boolean waits(List<DriftItem> items) {
        return items.stream().anyMatch(item -> item.state() == DriftItem.DriftState.AwaitingApproval);
    }

    private static Map<String, List<DriftItem>> unhealed(FieldProof proof, List<FieldCase> seen) {
        Map<String, List<DriftItem>> unhealed = new TreeMap<>();
        for (FieldCase one : seen) {
            List<DriftItem> items = proof.world.view().drift().stream()
                    .filter(item -> item.resource().equals(proof.id(one)))
                    .toList();
            if (items.stream().noneMatch(item -> item.state() == DriftItem.DriftState.Repaired && item.by() != null)) {
                unhealed.put(one.toString(), items);
            }
        }
        return unhealed;
    }
}
