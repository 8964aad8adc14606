package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code docs/kinds.md} is up to date and describes every field. */
@Order(1)
@Execution(ExecutionMode.SAME_THREAD) // its commands read the settings of the process
class KindsPageTest {
    private static final Path PAGE = Path.of("docs/kinds.md");

    @Test
    void isUpToDate() throws IOException {
        String made = KindsMarkdown.of(TestKinds.all());
        if (Boolean.getBoolean("holdfast.write")) {
            Files.writeString(PAGE, made);
        }

        assertThat(CommandLines.run("kinds", "--markdown").out()).isEqualTo(made);
        assertThat(made)
                .as("docs/kinds.md is out of date: ./holdfast kinds --markdown > docs/kinds.md")
                .isEqualTo(Files.readString(PAGE));
    }

    @Test
    void saysWhatEachFieldMeans() {
        assertThat(KindsMarkdown.of(TestKinds.all()).lines().filter(l -> l.startsWith("| `")))
                .isNotEmpty()
                .noneMatch(l -> l.matches(".*\\|\\s*\\|"));
    }
}
