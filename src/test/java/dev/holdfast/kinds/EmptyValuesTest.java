package dev.holdfast.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.DeleteOnly;
import dev.holdfast.kind.InitialOnly;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.kind.WriteOnly;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AWS omits a member that has no value, or answers the empty text or an empty list. A document that sets the field to
 * the empty value differs from neither answer. Otherwise each pass would write the empty value again. {@code
 * empty-values.txt} lists the texts for which AWS has no empty value, with the reason.
 */
class EmptyValuesTest {
    private static final Set<String> LISTED = listed();

    static Stream<Kind<?>> kinds() {
        return TestKinds.all().all().values().stream();
    }

    /** The paths in the table: each line that is neither empty nor a comment. */
    private static Set<String> listed() {
        try (BufferedReader file = new BufferedReader(new InputStreamReader(
                EmptyValuesTest.class.getResourceAsStream("/empty-values.txt"), StandardCharsets.UTF_8))) {
            Set<String> paths = new TreeSet<>();
            file.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(paths::add);
            return paths;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text, list, set or map at any depth of a spec. */
    private record PlacedField(String path, Class<?> record, Field field) {
        /** Whether the differ never compares an empty value of the document with an absent value of AWS. */
        boolean isNeverEmpty() {
            return Stream.of(
                            Required.class,
                            PhysicalName.class,
                            Offers.class,
                            InitialOnly.class,
                            DeleteOnly.class,
                            WriteOnly.class,
                            Sensitive.class)
                    .anyMatch(field::has);
        }

        /** The record with only this component. */
        Record with(Object value) {
            List<Field> fields = SpecModel.of(record).fields();
            return SpecModel.of(record)
                    .make(fields.stream()
                            .map(other -> other.equals(field) ? value : null)
                            .toArray());
        }
    }

    private static List<PlacedField> placed(Kind<?> kind) {
        List<PlacedField> all = new ArrayList<>();
        place(kind.info().name(), kind.info().spec(), all);
        return all;
    }

    private static void place(String prefix, Class<?> record, List<PlacedField> all) {
        for (Field field : SpecModel.of(record).fields()) {
            String path = prefix + "/" + field.name();
            Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
            if (field.isCollection() || field.isMap() || field.raw() == String.class) {
                all.add(new PlacedField(path, record, field));
            }
            if (inner.isRecord() && !field.has(InitialOnly.class)) {
                place(path, inner, all);
            }
        }
    }

    private static boolean differs(Record desired, Record observed) {
        return !Differ.diff(new DiffInput<>(
                        new Specs.Bound<>(desired, Set.of(), Map.of()),
                        observed,
                        null,
                        Set.of(),
                        Map.of(),
                        UnaryOperator.identity(),
                        true,
                        false))
                .changes()
                .isEmpty();
    }

    /** Whether an empty value of the document differs from an answer without the member, or with the empty value. */
    private static boolean differs(PlacedField one) {
        Class<? extends Record> record = one.record().asSubclass(Record.class);
        Class<?> type = one.field().raw();
        Object empty =
                type == String.class ? "" : type == Map.class ? Map.of() : type == Set.class ? Set.of() : List.of();
        return Stream.of(Map.<String, Object>of(), Map.of(one.field().name(), empty))
                .map(answer -> Wire.read(record, answer, List.of()))
                .anyMatch(observed -> differs(one.with(empty), observed));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEmptyValueIsAnAbsentOne(Kind<?> kind) {
        assertThat(placed(kind).stream()
                        .filter(one -> !one.isNeverEmpty() && !LISTED.contains(one.path()) && differs(one))
                        .map(PlacedField::path))
                .as(
                        "fields of %s that need @EmptyIsNone, or a line in empty-values.txt",
                        kind.info().name())
                .isEmpty();
    }

    @Test
    void theTableHasNoOtherFields() {
        Set<String> needed = new TreeSet<>();
        kinds().flatMap(kind -> placed(kind).stream())
                .filter(one -> !one.isNeverEmpty() && differs(one))
                .forEach(one -> needed.add(one.path()));

        assertThat(LISTED).isSubsetOf(needed);
    }
}
