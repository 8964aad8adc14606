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

/** Checks the wording of comments, messages, field descriptions and pages for two habits that strangers do not understand. */
class PlainEnglishTest {
    private static final List<String> FOLDERS =
            List.of("src/main", "src/test/java", "docs", "README.md", "CONTRIBUTING.md");

    /** The texts of a program: strings, and both forms of comments. Text blocks hold documents, and are passed over. */
    private static final Pattern TEXT = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?<string>(?:\\\\.|[^\"\\\\\\n])*+)\"|'(?:\\\\.|[^'\\\\])'"
                    + "|/\\*(?<comment>.*?)\\*/|(?<lines>//[^\\n]*(?:\\n\\s*//[^\\n]*)*)",
            Pattern.DOTALL);

    private static final Pattern MARKS_OF_A_COMMENT = Pattern.compile("(?m)^\\s*(?://|\\*)|^\\*");
    private static final Pattern MARKS_OF_A_LINE = Pattern.compile("^[\\s>|*-]+");

    /** "What was replaced is not restored", but not the question "What was replaced?", nor "What to do". */
    private static final Pattern FREE_RELATIVE =
            Pattern.compile("(?:^|[.:;!?|]\\s+|<p>)(?:What|Who|Whoever|Whatever)\\s(?!to\\b)[^.?:;|]*+(?!\\?)");

    private static final Pattern IDIOM =
            Pattern.compile("(?i)\\b(?:of (?:its|their) own accord|one's own|made anew|if nothing is said|as said"
                    + "|(?:is|are) told|whoever|as good as gone)\\b");

    @Test
    void theSubjectOfASentenceIsNamed() throws IOException {
        assertThat(found(FREE_RELATIVE))
                .as("name the thing or the person in place of what, who and whoever")
                .isEmpty();
    }

    @Test
    void noSentenceUsesIdioms() throws IOException {
        assertThat(found(IDIOM)).as("use the plain verb").isEmpty();
    }

    private static List<String> found(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            String content = Files.readString(file);
            for (Text text : file.toString().endsWith(".md") ? lines(content) : texts(content)) {
                pattern.matcher(text.content)
                        .results()
                        .forEach(hit -> found.add(file + ":" + text.line + ": " + hit.group()));
            }
        }
        return found;
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> all = Files.walk(Path.of(folder))) {
                all.filter(file -> file.toString().matches(".*\\.(java|md|js)"))
                        .filter(file -> !file.endsWith("PlainEnglishTest.java"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** @param line the number of its first line, from 1 */
    private record Text(int line, String content) {}

    private static List<Text> lines(String page) {
        List<Text> lines = new ArrayList<>();
        page.lines()
                .forEach(line -> lines.add(
                        new Text(lines.size() + 1, MARKS_OF_A_LINE.matcher(line).replaceFirst(""))));
        return lines;
    }

    private static List<Text> texts(String program) {
        List<Text> texts = new ArrayList<>();
        Matcher text = TEXT.matcher(program);
        int line = 1;
        int counted = 0;
        while (text.find()) {
            for (; counted < text.start(); counted++) {
                line += program.charAt(counted) == '\n' ? 1 : 0;
            }
            if (text.group("string") != null) {
                texts.add(new Text(line, text.group("string")));
            }
            for (String comment : List.of("comment", "lines")) {
                if (text.group(comment) != null) {
                    texts.add(new Text(
                            line,
                            MARKS_OF_A_COMMENT
                                    .matcher(text.group(comment))
                                    .replaceAll("")
                                    .strip()
                                    .replaceAll("\\s+", " ")));
                }
            }
        }
        return texts;
    }
}
