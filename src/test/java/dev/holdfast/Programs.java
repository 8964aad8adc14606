package dev.holdfast;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs that tests use and that this machine may not have. */
public final class Programs {
    private Programs() {}

    /** The path of the program on the PATH. Skips the test if the program is not installed, but fails in CI. */
    public static Path onPath(String name) {
        return found(
                Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)),
                name);
    }

    /** The first of these files that can be executed. Skips the test if there is none, but fails in CI. */
    public static Path oneOf(String... places) {
        return found(Stream.of(places).map(Path::of), String.join(" or ", places));
    }

    /** The program that the environment variable names. Skips the test if there is none, but fails in CI. */
    public static Path named(String variable) {
        return found(Stream.ofNullable(System.getenv(variable)).map(Path::of), "the program of " + variable);
    }

    /** The path of a program of the JDK that runs the tests. */
    public static String ofJdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static Path found(Stream<Path> places, String name) {
        return places.filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    String missing = name + " is not installed";
                    return "true".equals(System.getenv("CI"))
                            ? Assertions.fail(missing + ": CI runs every test")
                            : Assumptions.abort(missing);
                });
    }
}
