package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator with 256 MB refuses each document that costs as much as possible, and continues to work. */
class BombsTest {
    @Test
    void eachIsRefusedWithinTheMemoryOfASmallTask(@TempDir Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Programs.ofJdk("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bombs.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        System.out.print(said);
        for (String bomb :
                List.of("param", "list", "depth", "cycle", "names", "name", "values", "number", "pointer", "sparse")) {
            assertThat(said.lines()).as(bomb).anyMatch(line -> line.startsWith(bomb + " Refused: "));
        }
    }
}
