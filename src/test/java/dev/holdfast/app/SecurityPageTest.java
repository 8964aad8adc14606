package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/security.md names exist, and prove its claims. */
class SecurityPageTest {
    private static final Path PAGE = Path.of("docs/security.md");
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");
    private static final Pattern PARENT = Pattern.compile("class \\w+ extends (\\w+)");

    private static Map<String, Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), file -> file, (a, b) -> a));
        }
    }

    private static boolean has(Map<String, Path> sources, String type, String method) throws IOException {
        Path file = sources.get(type);
        if (file == null) {
            return false;
        }
        String text = Files.readString(file);
        Matcher parent = PARENT.matcher(text);
        return text.contains("void " + method + "(") || (parent.find() && has(sources, parent.group(1), method));
    }

    @Test
    void everyTestIsThere() throws IOException {
        Map<String, Path> sources = sources();
        Matcher named = NAMED.matcher(Files.readString(PAGE));
        int count = 0;
        while (named.find()) {
            assertThat(sources).containsKey(named.group(1));
            if (named.group(2) != null) {
                assertThat(has(sources, named.group(1), named.group(2)))
                        .as(named.group())
                        .isTrue();
            }
            count++;
        }
        assertThat(count).isGreaterThan(40);
    }

    @Test
    void everyClaimNamesATestOrSaysThatThereIsNone() throws IOException {
        List<String> claims = Files.readString(PAGE)
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| tried"))
                .toList();

        assertThat(claims)
                .hasSizeGreaterThan(25)
                .allMatch(line -> NAMED.matcher(line).find() || line.contains("not proven here"));
    }
}
