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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The requests of a converged pass over n services of Skin Club Pro's shape: counted on the wire, bounded, and without
 * a write.
 */
@Order(1)
class RequestsTest {
    /**
     * More than an hour: all searches for orphans and all rotated reads run once, and each slow facet is read many
     * times.
     */
    private static final int PASSES = Integer.getInteger("holdfast.passes", 65);

    /** The first user's dev stack with n services instead of its own. */
    private static World services(int n) {
        World world = SkinClub.services(new World());
        return world.file("base/services/all.json", SkinClub.services(n, "${params.images.api}"))
                .file("base/monitoring.json", SkinClub.monitoring())
                .unlimited();
    }

    /** The requests to AWS of many passes, one a minute. */
    private static final class Tally {
        private final List<Long> totals = new ArrayList<>();
        private final List<Integer> chains = new ArrayList<>();
        private Map<String, Long> worst = Map.of();

        void pass(World world) {
            world.clock.advance(Duration.ofMinutes(1));
            world.twin.log().reset();

            PassReport pass = world.pass();

            assertThat(pass.writes()).isZero();
            assertThat(onTheWire(world)).isEqualTo(byOperation(pass));
            worst = totals.isEmpty() || pass.total() > Collections.max(totals) ? pass.requests() : worst;
            totals.add(pass.total());
            chains.add(pass.longestChain());
        }

        /** Checks the total of each single pass. */
        void isAtMost(String where, long most) {
            System.out.println("requests a pass at " + where + ": " + Collections.min(totals) + " to "
                    + Collections.max(totals) + ", "
                    + Math.round(totals.stream().mapToLong(i -> i).average().orElseThrow())
                    + " on average; at most " + most);
            assertThat(totals)
                    .as("%s", worst)
                    .allSatisfy(total -> assertThat(total).isLessThanOrEqualTo(most));
        }

        void waitsForAtMost(int roundTrips) {
            List<Integer> sorted = chains.stream().sorted().toList();
            // A search lists all objects of a kind page after page, and the rotated reads of tags have pages, too.
            int longest = sorted.get(sorted.size() * 3 / 4);
            System.out.println("round trips of three passes in four: at most " + longest + ", " + sorted.getLast()
                    + " with some searches; allowed " + roundTrips);
            assertThat(longest).as("requests that wait for one another").isLessThanOrEqualTo(roundTrips);
        }
    }

    /**
     * Lists show new objects late, and the facets of new objects are read for the first time: both effects end in this
     * time.
     */
    private static void settle(World world) {
        world.converged();
        world.run(Duration.ofMinutes(25));
        // The first counted pass follows one interval after this one, as each other pass does.
        world.pass();
    }

    private static void assertNoFacetIsOlderThan(World world, Duration most) {
        oldestFacets(world).forEach((facet, age) -> assertThat(age).as(facet).isLessThanOrEqualTo(most));
    }

    @ParameterizedTest
    @CsvSource({"1, 62, 4", "10, 75, 4"})
    void eachPassStaysWithinItsBudget(int services, int most, int roundTrips) {
        try (World world = services(services)) {
            settle(world);
            Tally tally = new Tally();
            for (int i = 0; i < PASSES; i++) {
                tally.pass(world);
                assertNoFacetIsOlderThan(world, EngineConstants.SLOW_FACET_AGE);
            }
            tally.isAtMost(services + " services", most);
            tally.waitsForAtMost(roundTrips);
        }
    }

    /**
     * The first passes run without change events. In the later passes the events are known to report every change:
     * facets that the events cover are read once an hour, and not all at once.
     */
    @Test
    void eachPassOverAHundredServicesStaysWithinItsBudgetWithoutEventsAndWithThem() {
        try (World world = services(100)) {
            settle(world);
            Tally without = new Tally();
            for (int i = 0; i < PASSES; i++) {
                without.pass(world);
                assertNoFacetIsOlderThan(world, EngineConstants.SLOW_FACET_AGE);
            }
            world.reconciler().coverage().readable(true, world.clock.instant().minus(DriftCoverage.PROVEN));
            Tally with = new Tally();
            for (int i = 0; i < PASSES; i++) {
                with.pass(world);
                assertNoFacetIsOlderThan(world, EngineConstants.SLOW_FACET_AGE_WITH_EVENTS);
            }
            without.isAtMost("100 services", 150);
            without.waitsForAtMost(5);
            with.isAtMost("100 services with change events", 100);
        }
    }

    /** Prints the duration of passes in which every request takes this number of milliseconds longer. */
    @Test
    @EnabledIfSystemProperty(named = "holdfast.latency", matches = "\\d+")
    void takesAboutAsLongAsItsRoundTrips() {
        try (World world = services(100)) {
            settle(world);
            long added = Long.getLong("holdfast.latency", 60);
            world.twin.faults().add("*", new TwinFault.Latency(Duration.ofMillis(added)));
            for (int i = 0; i < 12; i++) {
                world.clock.advance(Duration.ofMinutes(1));

                PassReport pass = world.pass();

                System.out.println("a pass over 100 services with " + added + " ms added to each request: "
                        + pass.durationMs() + " ms, " + pass.total() + " requests, " + pass.longestChain()
                        + " round trips");
                assertThat(pass.writes()).isZero();
            }
        }
    }

    /** The number of requests of this caller, as the twin counted them. */
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

    /**
     * The shape of a resource without ids. Ids differ between accounts, and so does the order of the objects that they
     * name.
     */
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
