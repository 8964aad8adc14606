package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;

/**
 * Every field of every kind is changed in the desired state and by another principal: the right step follows, and no
 * write after it. The fields come from the spec records, so that a field without a case in {@code fields/<Kind>.json}
 * fails the test by name.
 *
 * <p>{@code -Dholdfast.fields=Bucket,Role} tests these kinds only.
 */
@Order(1)
class EveryFieldTest {
    private static final ExecutorService THREADS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @TestFactory
    Stream<DynamicContainer> kinds() {
        String only = System.getProperty("holdfast.fields", "");
        List<FieldFixture> fixtures = new ArrayList<>();
        List<DynamicContainer> without = new ArrayList<>();
        for (Kind<?> kind : TestKinds.all().all().values()) {
            String name = kind.info().name();
            if (!only.isEmpty() && !List.of(only.split(",")).contains(name)) {
                continue;
            }
            FieldFixture fixture = FieldFixture.of(kind);
            if (fixture == null) {
                DynamicTest missing = dynamicTest(
                        "has a fixture",
                        () -> assertThat(fixture)
                                .as("src/test/resources/fields/" + name + ".json")
                                .isNotNull());
                without.add(dynamicContainer(name, Stream.of(missing)));
            } else {
                fixtures.add(fixture);
            }
        }
        // The longest kinds come first, so that both cores are busy until the end.
        fixtures.sort(Comparator.comparing((FieldFixture f) -> -f.cases.size()));
        Map<FieldFixture, Future<FieldProof.Result>> running = new TreeMap<>(
                Comparator.comparing((FieldFixture f) -> f.kind.info().name()));
        fixtures.forEach(f -> running.put(f, THREADS.submit(() -> {
            try (FieldProof proof = new FieldProof(f)) {
                return proof.run();
            }
        })));
        return Stream.concat(
                without.stream(),
                running.entrySet().stream()
                        .map(e -> dynamicContainer(e.getKey().kind.info().name(), tests(e.getKey(), e.getValue()))));
    }

    private static Stream<DynamicNode> tests(FieldFixture fixture, Future<FieldProof.Result> result) {
        Stream<DynamicTest> gaps =
                fixture.gaps().entrySet().stream().map(e -> dynamicTest(e.getKey(), () -> fail(e.getValue())));
        Stream<DynamicTest> cases = fixture.cases.stream()
                .map(c -> dynamicTest(c.toString(), () -> {
                    String wrong = get(result).byCase().get(c);
                    if (wrong != null) {
                        fail(c.field() + " " + wrong);
                    }
                }));
        DynamicTest rest = dynamicTest(
                "costs no write when converged, and was safe after each",
                () -> assertThat(get(result).ofAll()).isEmpty());
        return Stream.concat(Stream.concat(gaps, cases), Stream.of(rest));
    }

    private static FieldProof.Result get(Future<FieldProof.Result> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
