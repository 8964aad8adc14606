package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.FieldChange;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * A field that the documents own for the first time is a pending change, whatever its value in AWS. The test covers
 * every field of every kind.
 */
class FirstOwnershipTest {
    @TestFactory
    Stream<DynamicTest> everyKind() {
        return TestKinds.all().all().values().stream()
                .map(kind -> dynamicTest(
                        kind.info().name(),
                        () -> assertThat(drifted(kind))
                                .as("fields that are reported as drift when they are owned first")
                                .isEmpty()));
    }

    private static <S extends Record> List<String> drifted(Kind<S> kind) {
        FieldFixture fixture = FieldFixture.of(kind);
        assertThat(fixture).isNotNull();
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (FieldCase one : fixture.cases) {
            if (one.neverCompared() || one.to().isNull()) {
                continue;
            }
            ObjectNode desired = fixture.spec(one.variant(), one.number());
            ObjectNode applied = desired.deepCopy();
            FieldFixture.set(applied, one.pointer(), JsonNodeFactory.instance.nullNode());
            ObjectNode observed = desired.deepCopy();
            FieldFixture.set(observed, one.pointer(), one.to());
            compared += check(kind, one, desired, observed, applied, wrong);
            JsonNode value = desired.at(one.pointer());
            if (value.isContainerNode() && one.chain().size() == 1) {
                // The field becomes owned and empty, while AWS has elements.
                ObjectNode empty = desired.deepCopy();
                FieldFixture.set(
                        empty,
                        one.pointer(),
                        value.isArray() ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.objectNode());
                compared += check(kind, one, empty, observed, applied, wrong);
            }
        }
        assertThat(compared).isPositive();
        return wrong;
    }

    private static <S extends Record> int check(
            Kind<S> kind,
            FieldCase one,
            ObjectNode desired,
            ObjectNode observed,
            ObjectNode applied,
            List<String> wrong) {
        Class<S> type = kind.info().spec();
        List<FieldChange> changes = Differ.diff(new DiffInput<>(
                        new Specs.Bound<>(Specs.read(type, desired), Set.of(), Map.of()),
                        Specs.read(type, observed),
                        Specs.read(type, applied),
                        Set.of(),
                        Map.of(),
                        secret -> "hash of " + secret,
                        true,
                        kind.info().versioned()))
                .changes()
                .stream()
                .filter(c -> within(one, c.path()) && unowned(type, desired, applied, one))
                .toList();
        changes.stream()
                .filter(c -> c.cause() != FieldChange.Cause.PendingChange)
                .forEach(c -> wrong.add(one + ": " + c));
        return changes.size();
    }

    /**
     * Whether the normal form lacks the field too: in elements of collections, the normal form replaces missing fields
     * by AWS's defaults.
     */
    private static boolean unowned(
            Class<? extends Record> type, ObjectNode desired, ObjectNode applied, FieldCase one) {
        return values(Specs.read(type, applied), one.chain(), 0) < values(Specs.read(type, desired), one.chain(), 0);
    }

    private static long values(Object value, List<Field> chain, int from) {
        if (value == null || from == chain.size()) {
            return value == null ? 0 : 1;
        }
        Field field = chain.get(from);
        Object inner = field.read((Record) value);
        boolean last = from == chain.size() - 1;
        return switch (inner) {
            case Collection<?> elements
            when !last ->
                elements.stream().mapToLong(e -> values(e, chain, from + 1)).sum();
            case Map<?, ?> entries
            when !last ->
                entries.values().stream()
                        .mapToLong(e -> values(e, chain, from + 1))
                        .sum();
            case null, default -> values(inner, chain, from + 1);
        };
    }

    /**
     * Whether the path is the field's path or below it. A field that is part of an element's key does not count,
     * because another key is another element.
     */
    private static boolean within(FieldCase one, String path) {
        int at = 1;
        String[] segments = path.split("/");
        for (Field field : one.chain()) {
            if (at >= segments.length || !segments[at].equals(field.name())) {
                return false;
            }
            at += field.isCollection() || field.isMap() ? 2 : 1;
        }
        return true;
    }

    /**
     * The first example of the issue: the default rule is not drift, because the documents did not own the rules
     * before.
     */
    @Test
    void closingAnEgressThatNobodyOwnedIsAChange() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""))).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);

            world.desire(Docs.of(
                    Docs.vpc(""),
                    Docs.document(
                            "SecurityGroup", "a", "'vpcId':'${Vpc/main}','description':'a','ingress':[],'egress':[]")));
            world.reconciler().requestFull();
            world.reconciler().plan();

            assertThat(world.view().plan().steps())
                    .singleElement()
                    .satisfies(step -> assertThat(step.changes())
                            .isNotEmpty()
                            .allMatch(c -> c.cause() == FieldChange.Cause.PendingChange));
            world.converged();
            assertThat(world.view().drift()).isEmpty();
            assertThat(world.events).noneMatch(e -> e.reason().startsWith("Drift"));
            assertThat(world.somebody(Ec2Client.class)
                            .describeSecurityGroups(r ->
                                    r.groupIds(world.resource("SecurityGroup/a").physicalId()))
                            .securityGroups()
                            .getFirst()
                            .ipPermissionsEgress())
                    .isEmpty();
        }
    }

    /** Every component that a spec has: a fixture that has no case for a component fails the test. */
    @Test
    void everyComponentHasACase() {
        for (Kind<?> kind : TestKinds.all().all().values()) {
            FieldFixture fixture = FieldFixture.of(kind);
            assertThat(fixture).as(kind.info().name()).isNotNull();
            assertThat(fixture.gaps()).as(kind.info().name()).isEmpty();
            assertThat(SpecModel.of(kind.info().spec()).fields()).isNotEmpty();
        }
    }
}
