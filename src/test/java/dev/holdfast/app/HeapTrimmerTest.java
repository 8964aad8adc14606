package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapTrimmerTest {
    private static final int MB = 1 << 20;
    private static final int LIVE = 60;

    /** The process of the test below: its old generation has 60 MB of live objects, and receives 3 GB of others. */
    public static final class Growing {
        private Growing() {}

        public static void main(String[] arguments) {
            HeapTrimmer trimmer = new HeapTrimmer();
            trimmer.start();
            Deque<byte[]> live = new ArrayDeque<>();
            Random random = new Random(1);
            for (int i = 0; i < 3000; i++) {
                byte[] one = new byte[MB];
                random.nextBytes(one);
                live.add(one);
                if (live.size() > LIVE) {
                    live.remove();
                }
            }
            trimmer.stop();
            System.out.println(ManagementFactory.getMemoryPoolMXBeans().stream()
                            .filter(pool -> pool.getName().equals("Tenured Gen"))
                            .map(MemoryPoolMXBean::getPeakUsage)
                            .mapToLong(usage -> usage.getUsed())
                            .sum()
                    / MB);
        }
    }

    @Test
    void theOldGenerationStaysNearItsLiveObjects() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        AppProcess.java(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:MaxNewSize=8m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Growing.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        // Without a limit, the old generation takes all of the 504 MB.
        assertThat(Integer.parseInt(output.lines().toList().getLast())).isBetween(LIVE, 2 * LIVE);
    }

    @ParameterizedTest
    @CsvSource({"0, 40", "30, 40", "70, 87"})
    void theThresholdIsAQuarterAboveTheLiveObjects(long live, long threshold) {
        assertThat(HeapTrimmer.threshold(live * MB) / MB).isEqualTo(threshold);
    }
}
