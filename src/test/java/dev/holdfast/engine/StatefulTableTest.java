package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One row for each immutable field of each stateful kind: a changed desired value would replace the resource. The step
 * is held and names the field, and the resource stays unchanged.
 *
 * <p>The rows are the cases of the kind's fixture, without the lifecycle settings that allow a replacement.
 */
class StatefulTableTest {
    private static boolean replaces(FieldCase one) {
        return one.chain().getFirst().has(Immutable.class) && !one.neverCompared();
    }

    @TestFactory
    Stream<DynamicContainer> everyStatefulKind() {
        return TestKinds.all().all().values().stream()
                .filter(kind -> kind.info().stateful())
                .map(StatefulTableTest::table);
    }

    private static DynamicContainer table(Kind<?> kind) {
        FieldFixture fixture = FieldFixture.of(kind);
        List<FieldCase> rows = fixture == null
                ? List.of()
                : fixture.cases.stream().filter(StatefulTableTest::replaces).toList();
        Stream<DynamicTest> whole = Stream.of(dynamicTest("has a row for each immutable field", () -> {
            assertThat(fixture).isNotNull();
            Set<String> covered = new TreeSet<>();
            rows.forEach(row -> covered.add(row.component()));
            assertThat(covered).containsAll(immutable(kind, fixture));
        }));
        Stream<DynamicTest> one = rows.isEmpty() || fixture == null
                ? Stream.of()
                : Stream.of(dynamicTest(
                        rows.stream()
                                .map(FieldCase::pointer)
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(" ")),
                        () -> held(kind, fixture, rows)));
        return dynamicContainer(kind.info().name(), Stream.concat(whole, one));
    }

    /** The immutable fields, except those that the fixture exempts for a reason. */
    private static Set<String> immutable(Kind<?> kind, FieldFixture fixture) {
        return SpecModel.of(kind.info().spec()).fields().stream()
                .filter(field -> field.has(Immutable.class))
                .map(SpecModel.Field::name)
                .filter(name -> !fixture.exempt("/" + name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void held(Kind<?> kind, FieldFixture fixture, List<FieldCase> rows) {
        try (World world = new World()) {
            Map<FieldCase, UnaryOperator<ObjectNode>> none = new HashMap<>();
            world.desire(guarded(fixture.documents(rows, none)), Docs.UNLIMITED).converged();
            Map<FieldCase, String> before = new HashMap<>();
            rows.forEach(row ->
                    before.put(row, world.resource(id(kind, row).toString()).physicalId()));
            Map<FieldCase, UnaryOperator<ObjectNode>> changes = new HashMap<>();
            rows.forEach(row -> changes.put(row, FieldFixture.changed(row, row.to())));

            world.desire(guarded(fixture.documents(rows, changes)), Docs.UNLIMITED)
                    .run(Duration.ofMinutes(20));

            for (FieldCase row : rows) {
                ResourceView now = world.resource(id(kind, row).toString());
                List<Step> steps = world.view().plan().steps().stream()
                        .filter(step -> step.resource().equals(id(kind, row)) && step.action() == Action.Replace)
                        .toList();
                assertThat(now.status()).as("%s of %s", row.pointer(), now).isEqualTo(Status.AwaitingApproval);
                assertThat(now.message())
                        .contains("can only be changed by a replacement")
                        .contains(String.valueOf(kind.info().holds()));
                assertThat(now.physicalId()).isEqualTo(before.get(row));
                assertThat(steps).as(row.pointer()).singleElement().satisfies(step -> {
                    assertThat(step.risky()).isTrue();
                    assertThat(step.changes())
                            .anySatisfy(change -> assertThat(change.component()).isEqualTo(row.component()));
                });
            }
        }
    }

    /** The documents with the default lifecycle, which needs an approval for a replacement. */
    private static String guarded(String documents) {
        return documents.replace("\"onReplace\":\"Allow\"", "\"onReplace\":\"Approve\"");
    }

    private static ResourceId id(Kind<?> kind, FieldCase row) {
        return new ResourceId(kind.info().name(), "c-" + row.number());
    }
}
