package dev.holdfast.kinds.lambda;

import static java.util.Map.entry;

import dev.holdfast.model.SupportEnd;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * The deprecation of runtimes. No operation of Lambda returns it. The table (2026-12) leaves out the runtimes whose
 * date AWS has postponed without a new date that we could verify. The runtime of an image is a part of the image, and
 * Lambda does not know it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html">Lambda runtimes</a>
 */
final class RuntimeSupport {
    private static final Map<String, LocalDate> LAST_DAYS = Map.ofEntries(
            entry("nodejs14.x", LocalDate.of(2023, 12, 4)),
            entry("nodejs16.x", LocalDate.of(2024, 6, 12)),
            entry("nodejs18.x", LocalDate.of(2025, 9, 1)),
            entry("nodejs20.x", LocalDate.of(2026, 4, 30)),
            entry("nodejs22.x", LocalDate.of(2027, 4, 30)),
            entry("nodejs24.x", LocalDate.of(2028, 4, 30)),
            entry("python3.7", LocalDate.of(2023, 12, 4)),
            entry("python3.8", LocalDate.of(2024, 10, 14)),
            entry("python3.9", LocalDate.of(2025, 12, 15)),
            entry("python3.12", LocalDate.of(2028, 10, 31)),
            entry("python3.13", LocalDate.of(2029, 6, 30)),
            entry("python3.14", LocalDate.of(2029, 6, 30)),
            entry("java8", LocalDate.of(2024, 1, 8)),
            entry("java21", LocalDate.of(2029, 6, 30)),
            entry("java25", LocalDate.of(2029, 6, 30)),
            entry("go1.x", LocalDate.of(2024, 1, 8)),
            entry("provided", LocalDate.of(2024, 1, 8)),
            entry("provided.al2023", LocalDate.of(2029, 6, 30)),
            entry("ruby2.7", LocalDate.of(2023, 12, 7)),
            entry("ruby3.2", LocalDate.of(2026, 3, 31)),
            entry("ruby3.3", LocalDate.of(2027, 3, 31)),
            entry("ruby3.4", LocalDate.of(2028, 3, 31)),
            entry("dotnet6", LocalDate.of(2024, 12, 20)),
            entry("dotnet8", LocalDate.of(2026, 11, 10)),
            entry("dotnet10", LocalDate.of(2028, 11, 14)));

    private RuntimeSupport() {}

    static @Nullable SupportEnd end(FunctionConfiguration function) {
        String runtime = function.runtimeAsString();
        LocalDate last = runtime == null ? null : LAST_DAYS.get(runtime);
        return last == null
                ? null
                : new SupportEnd(
                        runtime,
                        "AWS's support of the runtime " + runtime,
                        last.atStartOfDay(ZoneOffset.UTC).toInstant(),
                        "then Lambda no longer patches the runtime, and it refuses from later dates to create or"
                                + " update functions that use it; set runtime to a newer version");
    }
}
