package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stacks of {@code docs/examples/desired-state}: each of them is valid, and together with the repository's stacks
 * they show every kind.
 */
class ExampleDocumentsTest {
    private static final Path EXAMPLES = Path.of("docs/examples/desired-state");
    private static final Path REPOSITORY = Path.of("desired-state");

    static List<String> stacks(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.endsWith("stack.json"))
                    .map(f -> root.relativize(f.getParent()).toString())
                    .sorted()
                    .toList();
        }
    }

    static List<String> examples() throws IOException {
        return stacks(EXAMPLES);
    }

    private static Stream<String> kinds(Path root) throws IOException {
        Set<String> kinds = new TreeSet<>();
        for (String stack : stacks(root)) {
            try (World world = new World()) {
                world.desireDirectory(root, stack)
                        .desired()
                        .resources()
                        .forEach((id, resource) -> kinds.add(id.kind()));
            }
        }
        return kinds.stream();
    }

    @Test
    void everyKindStandsInAStackThatIsTested() throws IOException {
        Set<String> shown = Stream.concat(kinds(REPOSITORY), kinds(EXAMPLES)).collect(Collectors.toSet());

        assertThat(TestKinds.all().all().keySet()).isSubsetOf(shown);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleComesUpAndStaysAsItIs(String stack) {
        try (World world = new World()) {
            world.desireDirectory(EXAMPLES, stack).converged();

            assertThat(world.view().resources().values())
                    .allSatisfy(
                            r -> assertThat(r.status()).as(r.id().toString()).isEqualTo(Status.Synced))
                    .allSatisfy(
                            r -> assertThat(r.isReady()).as(r.id().toString()).isTrue());
            assertThat(world.pass().writes()).isZero();
        }
    }
}
