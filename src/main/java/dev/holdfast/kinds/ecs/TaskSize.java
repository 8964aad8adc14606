package dev.holdfast.kinds.ecs;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A task's CPU and memory as AWS gives them back: {@code 0.25 vCPU} is 256, {@code 0.5 GB} is 512. */
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
}
