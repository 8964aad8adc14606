package dev.holdfast.twin.ecs;

import java.util.List;
import java.util.Map;

/**
 * The combinations of CPU and memory that Fargate accepts.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html">Task CPU and memory</a>
 */
final class FargateSizes {
    /** The smallest memory, the largest memory and the step, in MiB. */
    private record MemoryRange(int from, int to, int step) {}

    private static final Map<Integer, MemoryRange> RANGES = Map.of(
            512, new MemoryRange(1024, 4096, 1024),
            1024, new MemoryRange(2048, 8192, 1024),
            2048, new MemoryRange(4096, 16384, 1024),
            4096, new MemoryRange(8192, 30720, 1024),
            8192, new MemoryRange(16384, 61440, 4096),
            16384, new MemoryRange(32768, 122880, 8192));
    private static final List<Integer> WITH_256 = List.of(512, 1024, 2048);

    private FargateSizes() {}

    static boolean exists(int cpu, int memory) {
        MemoryRange range = RANGES.get(cpu);
        return range == null
                ? cpu == 256 && WITH_256.contains(memory)
                : memory >= range.from() && memory <= range.to() && (memory - range.from()) % range.step() == 0;
    }
}
