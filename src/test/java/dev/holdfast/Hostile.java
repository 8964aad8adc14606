package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

/** A text with every trick that a text can play on its reader, and the check that an output of the text is harmless. */
public final class Hostile {
    public static final String TEXT =
            "a\n::error file=x::owned\r\n  ::add-mask::x\n##[error]x ##vso[task.x]y\n````\n~~~~\n"
                    + "# owned\n| owned | cell |\n</details><!channel>\u001b[31mred\u001b]0;title\u0007\u009b2J\u0085\u2028\u2029"
                    + "\u202egnp\u202c\u2066x\u2069\u200e\u200f\u061c\u200b\u200d\ufeff\u00ad\u3164\ud83d\udc01\udb40\udc41\ud800.";

    private Hostile() {}

    /** The text within a JSON string. */
    public static String json() {
        StringBuilder json = new StringBuilder();
        for (char c : TEXT.toCharArray()) {
            json.append(c < 0x7f && c >= ' ' && c != '"' && c != '\\' ? "" + c : "\\u%04x".formatted((int) c));
        }
        return json.toString();
    }

    /**
     * @param shown the text that a terminal, a log or a CI system receives; only its writer may have ended its lines
     */
    public static void isTamed(String shown) {
        shown.codePoints()
                .forEach(c -> assertThat(
                                switch (Character.getType(c)) {
                                    case Character.CONTROL -> c == '\n' || c == '\t';
                                    case Character.FORMAT,
                                            Character.LINE_SEPARATOR,
                                            Character.PARAGRAPH_SEPARATOR,
                                            Character.SURROGATE -> false;
                                    default -> c != 0x3164;
                                })
                        .as("U+%04x in: %s", c, shown)
                        .isTrue());
        assertThat(shown.lines().map(String::strip))
                .noneMatch(line -> line.startsWith("::"))
                .noneMatch(line -> line.startsWith("# owned"))
                .noneMatch(line -> line.startsWith("| owned"))
                .noneMatch(line -> line.startsWith("~~~"))
                .noneMatch(line -> line.equals("````"));
        assertThat(shown).doesNotContain("##[", "##vso[");
    }
}
