package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevisionCodecTest {
    private static final Path CASE = Path.of("src/test/resources/desired/two-stacks-share-a-base/in");

    private final RevisionCodec revisions = new RevisionCodec(SampleKinds.CATALOG);

    @Test
    void a_revision_reads_back_equal_with_its_escapes() {
        // Given
        for (LoadResult loaded :
                new DesiredCompiler(SampleKinds.CATALOG).compile(CASE).values()) {
            Revision revision = ((LoadResult.ValidRevision) loaded).revision();

            // When
            Revision read = revisions.read(RevisionCodec.write(revision));

            // Then
            assertThat(read).isEqualTo(revision);
            assertThat(new String(RevisionCodec.write(read), StandardCharsets.UTF_8))
                    .contains("$${aws:username}");
        }
    }

    @Test
    void a_revision_without_resources_is_a_teardown_or_refused() {
        Revision revision = compiled();
        StackSettings settings = revision.settings();
        StackSettings teardown = new StackSettings(
                settings.name(),
                settings.account(),
                settings.region(),
                settings.roleArn(),
                settings.tags(),
                settings.mode(),
                settings.interval(),
                true,
                new StackSettings.Limits(0, 1, 1, 1),
                false);

        assertThat(revisions.read("made", RevisionCodec.write(RevisionCodec.of(settings, Map.of()))))
                .isInstanceOfSatisfying(
                        LoadResult.RefusedRevision.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .satisfies(p -> assertThat(p.hint()).contains("holdfast destroy")));
        assertThat(revisions.read("destroyed", RevisionCodec.write(RevisionCodec.of(teardown, Map.of()))))
                .isInstanceOf(LoadResult.ValidRevision.class);
    }

    @Test
    void its_name_is_the_hash_of_its_canonical_form() {
        // Given
        Revision revision = compiled();

        // When
        byte[] written = RevisionCodec.write(revision);

        // Then
        assertThat(RevisionCodec.sha256(written)).isEqualTo(revision.sha256());
    }

    @Test
    void the_owner_of_an_expanded_resource_survives() {
        // Given
        Revision revision = compiled();
        ResourceId subnet = new ResourceId("Subnet", "a");
        ResourceId network = new ResourceId("Network", "main");
        Map<ResourceId, DesiredResource> resources = new HashMap<>(revision.resources());
        DesiredResource plain = revision.resources().get(subnet);
        resources.put(
                subnet,
                new DesiredResource(
                        subnet,
                        plain.spec(),
                        plain.lifecycle(),
                        plain.dependsOn(),
                        network,
                        plain.region(),
                        plain.labels()));
        Revision owned = RevisionCodec.of(revision.settings(), resources);

        // When
        Revision read = revisions.read(RevisionCodec.write(owned));

        // Then
        assertThat(read).isEqualTo(owned);
        assertThat(read.resources().get(subnet).owner()).isEqualTo(network);
    }

    @Test
    void order_and_white_space_of_documents_do_not_name_a_revision() {
        // Given
        Map<String, byte[]> files = new HashMap<>(DesiredCompiler.files(CASE));
        String role = new String(files.get("base/role.json"), StandardCharsets.UTF_8);
        String name = "\"metadata\": { \"name\": \"api\" },";
        assertThat(role).contains(name);
        files.put(
                "base/role.json",
                role.replace(name, "")
                        .replace("{ \"roleName\"", "  {\n\n \"roleName\"")
                        .replaceFirst("\\}\\s*$", ", \"metadata\": {\"name\": \"api\"} }")
                        .getBytes(StandardCharsets.UTF_8));

        // When
        LoadResult loaded =
                new DesiredCompiler(SampleKinds.CATALOG).compile(files).get("dev");

        // Then
        assertThat(loaded)
                .isInstanceOfSatisfying(
                        LoadResult.ValidRevision.class,
                        v -> assertThat(v.revision().sha256())
                                .isEqualTo(compiled().sha256()));
    }

    @Test
    void what_is_no_revision_is_refused() {
        // Given
        byte[] content =
                "{ \"kind\": \"Revision\", \"stack\": { \"name\": \"dev\" } }".getBytes(StandardCharsets.UTF_8);

        // When
        assertThatThrownBy(() -> revisions.read(content))

                // Then
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resources");
    }

    private static Revision compiled() {
        return ((LoadResult.ValidRevision)
                        new DesiredCompiler(SampleKinds.CATALOG).compile(CASE).get("dev"))
                .revision();
    }
}
