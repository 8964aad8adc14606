package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.model.ResourceId;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a converged pass over n services of Skin Club Pro's shape asks of AWS: counted on the wire, bounded, and without a write. */
class RequestsTest {
    private static final int PASSES = 12;

    /** The first user's dev stack with n services in the place of its own. */
    private static World services(int n) {
        World world = SkinClub.services(new World());
        return world.file("base/services/all.json", SkinClub.services(n, "${params.images.api}"))
                .file("base/monitoring.json", SkinClub.monitoring())
                .unlimited();
    }

    @ParameterizedTest
    // Of the last number, five are the share of the search for orphans, which was one pass of 468 requests each hour.
    @CsvSource({"1, 62, 4", "10, 75, 4", "100, 155, 5"})
    void staysWithinItsBudget(int services, int most, int roundTrips) {
        try (World world = services(services)) {
            world.converged();
            // Lists lag behind what was just made, and its facets are read for the first time: that passes.
            world.run(Duration.ofMinutes(25));
            // The first counted pass comes one interval after this one, as the others do.
            world.pass();
            long largest = 0;
            long smallest = Long.MAX_VALUE;
            long sum = 0;
            List<Integer> chains = new ArrayList<>();
            Map<String, Long> worst = Map.of();
            // More than once round all slow facets.
            for (int i = 0; i < PASSES; i++) {
                world.clock.advance(Duration.ofMinutes(1));
                world.twin.log().reset();

                PassReport pass = world.pass();

                assertThat(pass.writes()).isZero();
                assertThat(onTheWire(world)).isEqualTo(byOperation(pass));
                oldestFacets(world)
                        .forEach((facet, age) ->
                                assertThat(age).as(facet).isLessThanOrEqualTo(EngineConstants.SLOW_FACET_AGE));
                largest = Math.max(largest, pass.total());
                smallest = Math.min(smallest, pass.total());
                sum += pass.total();
                chains.add(pass.longestChain());
                worst = pass.total() == largest ? pass.requests() : worst;
            }
            Collections.sort(chains);
            // Once an hour, what there is of scaling policies is listed, page after page.
            int longestChain = chains.get(PASSES - 2);
            System.out.println("requests a pass at " + services + " services ("
                    + world.view().resources().size() + " resources): " + smallest + " to " + largest + ", "
                    + sum / PASSES + " on average; at most " + most + "; " + longestChain
                    + " round trips, at most " + roundTrips);
            assertThat(largest).as("%s", worst).isLessThanOrEqualTo(most);
            assertThat(longestChain).as("requests that wait for one another").isLessThanOrEqualTo(roundTrips);
        }
    }

    /** While events are known to report every change, what need not be read in each pass is read once an hour, and not at once. */
    @Test
    void aPassOverAHundredServicesTakesAHundredRequestsWhileEventsReportAllDrift() {
        try (World world = services(100)) {
            world.converged();
            world.reconciler().coverage().readable(true, world.clock.instant().minus(DriftCoverage.PROVEN));
            // What was read at once in the beginning is spread over the first two hours, in which the searches show
            // their cost.
            world.run(Duration.ofMinutes(150));
            world.pass();
            long largest = 0;
            long sum = 0;
            int passes = Integer.getInteger("holdfast.passes", 25);
            for (int i = 0; i < passes; i++) {
                world.clock.advance(Duration.ofMinutes(1));

                PassReport pass = world.pass();

                assertThat(pass.writes()).isZero();
                largest = Math.max(largest, pass.total());
                sum += pass.total();
            }
            System.out.println("requests a pass at 100 services with change events: at most " + largest + ", "
                    + sum / passes + " on average");
            assertThat(sum / passes).isLessThanOrEqualTo(100);
            // A search of one kind may take a few more than its share.
            assertThat(largest).isLessThanOrEqualTo(106);
        }
    }

    /** Prints how long passes take where every request takes that many milliseconds longer. */
    @Test
    @EnabledIfSystemProperty(named = "holdfast.latency", matches = "\\d+")
    void takesAboutAsLongAsItsRoundTrips() {
        try (World world = services(100)) {
            world.converged();
            world.run(Duration.ofMinutes(25));
            long added = Long.getLong("holdfast.latency", 60);
            world.twin.faults().add("*", new TwinFault.Latency(Duration.ofMillis(added)));
            for (int i = 0; i < PASSES; i++) {
                world.clock.advance(Duration.ofMinutes(1));

                PassReport pass = world.pass();

                System.out.println("a pass over 100 services with " + added + " ms added to each request: "
                        + pass.durationMs() + " ms, " + pass.total() + " requests, " + pass.longestChain()
                        + " round trips");
                assertThat(pass.writes()).isZero();
            }
        }
    }

    /** As the twin counted them, of this caller. */
    private static SortedMap<String, Long> onTheWire(World world) {
        return world.twin.log().counts(c -> c.caller().equals(world.caller()));
    }

    private static SortedMap<String, Long> byOperation(PassReport pass) {
        SortedMap<String, Long> counts = new TreeMap<>();
        pass.requests().forEach((operation, count) -> counts.put(operation.replaceFirst("^tag:", "tagging:"), count));
        return counts;
    }

    private static Map<String, Duration> oldestFacets(World world) {
        Instant now = world.clock.instant();
        Map<String, Duration> ages = new TreeMap<>();
        for (Map.Entry<ResourceId, ResourceView> one : world.view().resources().entrySet()) {
            one.getValue()
                    .observedAtByFacet()
                    .forEach((facet, at) -> ages.put(one.getKey() + " " + facet, Duration.between(at, now)));
        }
        assertThat(ages).isNotEmpty();
        return ages;
    }

    @Test
    void aPageSizeOfOneGivesTheSame() {
        Map<ResourceId, Object> whole = specs(0);

        Map<ResourceId, Object> onePerPage = specs(1);

        assertThat(onePerPage.keySet()).isEqualTo(whole.keySet()).hasSizeGreaterThan(30);
        onePerPage.forEach((id, shape) -> assertThat(shape).as("%s", id).isEqualTo(whole.get(id)));
    }

    /** Ids differ from one account to the next, and with them the order of what they name. */
    private static String shape(ResourceView view) {
        return inAnyOrder(new ObjectMapper().valueToTree(view.spec())) + " " + view.status() + " "
                + new TreeSet<>(view.outputs().keySet());
    }

    private static String inAnyOrder(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(RequestsTest::inAnyOrder)
                    .sorted()
                    .toList()
                    .toString();
        }
        if (node.isObject()) {
            return node.properties().stream()
                    .map(e -> withoutIds(e.getKey()) + "=" + inAnyOrder(e.getValue()))
                    .sorted()
                    .toList()
                    .toString();
        }
        return node.isTextual() ? withoutIds(node.asText()) : node.toString();
    }

    private static String withoutIds(String text) {
        return text.replaceAll(
                "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,}|-[A-Za-z0-9]{6}(?=[\":]|$)", "*");
    }

    private static Map<ResourceId, Object> specs(int pageSize) {
        try (World world = services(2)) {
            world.settings.pageSize(pageSize);
            world.converged();
            assertThat(world.pass().writes()).isZero();
            Map<ResourceId, Object> specs = new TreeMap<>();
            world.view().resources().forEach((id, view) -> specs.put(id, shape(view)));
            return specs;
        }
    }
}
