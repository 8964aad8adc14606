package dev.holdfast.kinds.ecs;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The CPU and memory of a task in the units that ECS returns: {@code 0.25 vCPU} is 256, {@code 0.5 GB} is 512. */
final class TaskSize {
    private static final Pattern CPU = Pattern.compile("(\\d*\\.?\\d+)\\s*vcpu");
    private static final Pattern MEMORY = Pattern.compile("(\\d*\\.?\\d+)\\s*gb");
    private static final BigDecimal UNIT = BigDecimal.valueOf(1024);

    private TaskSize() {}

    static @Nullable String cpu(@Nullable String text) {
        return inUnits(CPU, text);
    }

    static @Nullable String memory(@Nullable String text) {
        return inUnits(MEMORY, text);
    }

    private static @Nullable String inUnits(Pattern pattern, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher matcher = pattern.matcher(text.strip().toLowerCase(Locale.ROOT));
        return matcher.matches()
                ? Integer.toString(
                        new BigDecimal(matcher.group(1)).multiply(UNIT).intValue())
                : text.strip();
    }

    /**
     * Returns the mistake in a size on Fargate: each CPU allows a minimum, a maximum and a step of memory.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html">Task CPU and
     *     memory</a>
     */
    static Optional<String> wrongOnFargate(@Nullable String cpu, @Nullable String memory) {
        if (cpu == null || memory == null || !cpu.matches("\\d{1,6}") || !memory.matches("\\d{1,7}")) {
            return Optional.of("on Fargate, cpu and memory must be numbers, found " + cpu + " and " + memory);
        }
        List<Integer> choices = choices(Integer.parseInt(cpu));
        if (choices.isEmpty()) {
            return Optional.of(
                    "Fargate does not offer cpu " + cpu + ", but 256, 512, 1024, 2048, 4096, 8192 and 16384");
        }
        return choices.contains(Integer.parseInt(memory))
                ? Optional.empty()
                : Optional.of("with cpu " + cpu + ", Fargate does not offer memory " + memory + ", but "
                        + choices.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }

    private static List<Integer> choices(int cpu) {
        return switch (cpu) {
            case 256 -> List.of(512, 1024, 2048);
            case 512 -> steps(1, 4, 1);
            case 1024 -> steps(2, 8, 1);
            case 2048 -> steps(4, 16, 1);
            case 4096 -> steps(8, 30, 1);
            case 8192 -> steps(16, 60, 4);
            case 16384 -> steps(32, 120, 8);
            default -> List.of();
        };
    }

    /** Takes all parameters in GB, and returns MiB. */
    private static List<Integer> steps(int from, int to, int step) {
        return IntStream.iterate(from, gb -> gb <= to, gb -> gb + step)
                .mapToObj(gb -> gb * 1024)
                .toList();
    }
}
