package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {

    @TempDir
    Path root;

    private DirectorySource source;

    @BeforeEach
    void set_up() throws IOException {
        write("dev/stack.json", DocumentFixtures.DEV);
        write("base/bucket.json", DocumentFixtures.BUCKET);
        source = new DirectorySource(root, SampleKinds.CATALOG);
    }

    @Test
    void the_same_files_give_the_same_instance() {
        // Given
        LoadResult first = source.read("dev");

        // When
        LoadResult again = source.read("dev");

        // Then
        assertThat(again).isInstanceOf(LoadResult.ValidRevision.class).isSameAs(first);
    }

    @Test
    void a_changed_file_is_a_new_revision() throws IOException {
        // Given
        LoadResult first = source.read("dev");

        // When
        write("base/bucket.json", DocumentFixtures.BUCKET.replace("{} }", "{ \"bucket\": \"media\" } }"));

        // Then
        assertThat(source.read("dev"))
                .isInstanceOf(LoadResult.ValidRevision.class)
                .isNotEqualTo(first);
    }

    @Test
    void a_vanished_stack_or_directory_is_absent() throws IOException {
        // Given
        source.read("dev");

        // When
        Files.delete(root.resolve("dev/stack.json"));

        // Then
        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
        DirectorySource nowhere = new DirectorySource(root.resolve("nowhere"), SampleKinds.CATALOG);
        assertThat(nowhere.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
        assertThat(nowhere.stacks()).isEmpty();
    }

    @Test
    void a_stack_whose_document_breaks_is_refused_not_absent() throws IOException {
        // Given
        source.read("dev");

        // When
        write("dev/stack.json", DocumentFixtures.DEV.substring(0, 40));

        // Then
        assertThat(source.read("dev")).isInstanceOf(LoadResult.RefusedRevision.class);
        assertThat(source.stacks()).containsExactly("dev");
    }

    @Test
    void hidden_files_and_links_out_of_the_root_are_left_aside(@TempDir Path elsewhere) throws IOException {
        // Given
        write(".git/x.json", "broken");
        Files.writeString(elsewhere.resolve("secret.json"), DocumentFixtures.BUCKET.replace("media", "secret"));
        Files.createSymbolicLink(root.resolve("base/link.json"), elsewhere.resolve("secret.json"));

        // When
        LoadResult loaded = source.read("dev");

        // Then
        assertThat(loaded)
                .isInstanceOfSatisfying(
                        LoadResult.ValidRevision.class,
                        v -> assertThat(v.revision().resources()).hasSize(1));
    }

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
