package dev.holdfast.kind;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every kind in the compiled classes, found by the suffix {@code Kind} of its class name. */
public final class TestKinds {
    private static final KindCatalog ALL = new KindCatalog(find());

    private TestKinds() {}

    public static KindCatalog all() {
        return ALL;
    }

    private static List<Kind<?>> find() {
        List<Kind<?>> found = new ArrayList<>();
        try {
            Path classes = Path.of(Kind.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> walk = Files.walk(classes.resolve("dev/holdfast/kinds"))) {
                for (Path file : (Iterable<Path>) walk.sorted()::iterator) {
                    String name = classes.relativize(file).toString();
                    if (name.endsWith("Kind.class") && !name.contains("$")) {
                        found.add(kind(name.substring(0, name.length() - ".class".length())
                                .replace('/', '.')));
                    }
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the compiled classes cannot be read", e);
        }
        return found;
    }

    private static Kind<?> kind(String name) {
        try {
            return (Kind<?>) Class.forName(name).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " needs a public constructor without parameters", e);
        }
    }
}
