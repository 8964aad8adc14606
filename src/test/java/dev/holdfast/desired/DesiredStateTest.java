package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The desired state of this repository validates with all kinds. */
class DesiredStateTest {
    @Test
    void every_stack_is_valid_and_reads_back_equal() {
        // Given
        RevisionCodec revisions = new RevisionCodec(TestKinds.all());

        // When
        Map<String, LoadResult> stacks = new DesiredCompiler(TestKinds.all()).compile(Path.of("desired-state"));

        // Then
        assertThat(stacks).containsKeys("dev", "minimal", "prod").allSatisfy((stack, loaded) -> {
            assertThat(loaded).isInstanceOf(LoadResult.ValidRevision.class);
            Revision revision = ((LoadResult.ValidRevision) loaded).revision();
            assertThat(revisions.read(RevisionCodec.write(revision))).isEqualTo(revision);
        });
    }

    @Test
    void a_microservice_is_no_more_than_twenty_lines() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("desired-state/base/services"))) {
            assertThat(files.toList()).hasSize(6).allSatisfy(file -> {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(20);
                assertThat(Files.readAllLines(file)).allMatch(line -> line.length() <= 140);
            });
        }
    }

    @Test
    void the_smallest_stack_is_less_than_sixty_lines() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("desired-state/minimal"))) {
            List<String> lines = new ArrayList<>();
            for (Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
            assertThat(lines).hasSizeLessThan(60);
        }
    }

    @Test
    void a_service_reads_only_its_own_secrets() {
        // Given
        LoadResult dev = new DesiredCompiler(TestKinds.all())
                .compile(Path.of("desired-state"))
                .get("dev");
        Map<ResourceId, dev.holdfast.model.DesiredResource> resources =
                ((LoadResult.ValidRevision) dev).revision().resources();

        // When
        List<String> foreign = new ArrayList<>();
        resources.forEach((id, resource) -> {
            if (id.kind().equals("Role") && id.name().endsWith("-execution")) {
                String service = id.name().substring(0, id.name().length() - "-execution".length());
                References.in(resource.spec()).stream()
                        .filter(r -> !r.resource().name().startsWith(service))
                        // Only this service keeps its data in the database.
                        .filter(r -> !service.equals("bookings")
                                || !r.resource().equals(new ResourceId("Secret", "main-database")))
                        .forEach(r -> foreign.add(id + " " + r.text()));
            }
        });

        // Then
        assertThat(foreign).isEmpty();
    }
}
