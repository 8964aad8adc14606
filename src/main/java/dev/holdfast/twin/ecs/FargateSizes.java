package dev.holdfast.twin.ecs;

import java.util.List;
import java.util.Map;

/**
 * Which CPU and memory go together on Fargate.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html">Task CPU and memory</a>
 */
final class FargateSizes {
    /** Memory from, to, step; in MiB. */
    private record Range(int from, int to, int step) {}

    private static final Map<Integer, Range> RANGES = Map.of(
            512, new Range(1024, 4096, 1024),
            1024, new Range(2048, 8192, 1024),
            2048, new Range(4096, 16384, 1024),
            4096, new Range(8192, 30720, 1024),
            8192, new Range(16384, 61440, 4096),
            16384, new Range(32768, 122880, 8192));
    private static final List<Integer> WITH_256 = List.of(512, 1024, 2048);

    private FargateSizes() {}

    static boolean exists(int cpu, int memory) {
        Range range = RANGES.get(cpu);
        return range == null
                ? cpu == 256 && WITH_256.contains(memory)
                : memory >= range.from() && memory <= range.to() && (memory - range.from()) % range.step() == 0;
    }
}
