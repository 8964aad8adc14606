package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The wording of comments, messages, field descriptions and pages: a stranger understands them at the first reading. */
class PlainEnglishTest {
    private static final Path REPOSITORY = Path.of("");

    /** The places in Java that hold prose: text blocks, strings, and both forms of comments. */
    private static final Pattern PROSE = Pattern.compile(
            "\"\"\"(?<block>.*?)\"\"\"|\"(?<string>(?:\\\\.|[^\"\\\\\\n])*+)\"|'(?:\\\\.|[^'\\\\])'"
                    + "|/\\*(?<comment>.*?)\\*/|(?<lines>//[^\\n]*(?:\\n\\s*//[^\\n]*)*)",
            Pattern.DOTALL);

    private static final Pattern MARKS_OF_A_COMMENT = Pattern.compile("(?m)^\\s*(?://|\\*)|^\\*");

    /** "What was replaced does not come back." in place of "A replaced key is not restored." */
    private static final Pattern FREE_RELATIVE = Pattern.compile(
            "(?:^|[.:;!?|]\\s+|<p>)(?<riddle>(?:What|Who|Whoever|Whatever)\\s(?!to\\b)[^.?:;|]*)(?!\\?)[.:;|]?(?!\\?)");

    private static final Pattern SLANG =
            Pattern.compile("(?i)\\b(?:of (?:its|their) own accord|made anew|if nothing is said|as good as gone)\\b");

    @Test
    void noSentenceHasAFreeRelativeAsItsSubject() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            prose(file, (line, text) -> {
                Matcher sentence = FREE_RELATIVE.matcher(text);
                while (sentence.find()) {
                    boolean question =
                            sentence.end("riddle") < text.length() && text.charAt(sentence.end("riddle")) == '?';
                    if (!question) {
                        found.add(file + ":" + line + ": " + sentence.group("riddle"));
                    }
                }
            });
        }
        assertThat(found).as("name the thing in place of what, who or whoever").isEmpty();
    }

    @Test
    void noTextHasExpressionsThatOnlyNativeSpeakersKnow() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            prose(file, (line, text) -> {
                Matcher slang = SLANG.matcher(text);
                while (slang.find()) {
                    found.add(file + ":" + line + ": " + slang.group());
                }
            });
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("src/main", "src/test/java", "docs", "deploy")) {
            try (Stream<Path> all = Files.walk(REPOSITORY.resolve(folder))) {
                all.filter(f -> f.toString().matches(".*\\.(java|md|js)"))
                        .filter(f -> !f.endsWith("PlainEnglishTest.java"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        files.add(REPOSITORY.resolve("README.md"));
        files.add(REPOSITORY.resolve("CONTRIBUTING.md"));
        return files;
    }

    private static void prose(Path file, Reader reader) throws IOException {
        String content = Files.readString(file);
        if (file.toString().endsWith(".md")) {
            List<String> lines = content.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                reader.read(i + 1, lines.get(i).replaceFirst("^[\\s>|*-]+", ""));
            }
            return;
        }
        Matcher found = PROSE.matcher(content);
        int line = 1;
        int seen = 0;
        while (found.find()) {
            line += (int) content.substring(seen, found.start())
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            seen = found.start();
            reader.read(line, text(found));
        }
    }

    private static String text(Matcher found) {
        for (String group : List.of("comment", "lines")) {
            if (found.group(group) != null) {
                return MARKS_OF_A_COMMENT
                        .matcher(found.group(group))
                        .replaceAll("")
                        .strip()
                        .replaceAll("\\s+", " ");
            }
        }
        String string = found.group("string");
        return string == null ? "" : string;
    }

    private interface Reader {
        void read(int line, String text);
    }
}
