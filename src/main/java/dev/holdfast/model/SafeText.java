package dev.holdfast.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The only class that makes text safe to show. Text from documents, from AWS or from people can neither end a line nor
 * change how a terminal, a browser, a CI system or a reader understands the text after it.
 *
 * <p>Escapes have the form of JSON ({@code \n}, or {@code \} and {@code u} with four digits), so that JSON keeps its
 * meaning when all of it is escaped.
 */
public final class SafeText {
    /**
     * The start of a command for CI systems: GitHub reads {@code ::} at the start of a line and {@code ##[} anywhere in
     * it, Azure DevOps {@code ##vso[}, TeamCity {@code ##teamcity[}.
     *
     * @see <a href="https://docs.github.com/actions/reference/workflow-commands-for-github-actions">Workflow commands</a>
     */
    private static final Pattern COMMAND = Pattern.compile("##(?=\\w*\\[)");

    private static final Pattern FENCE = Pattern.compile("`+");

    private SafeText() {}

    /** The text as a part of one line, or as one line. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** The text with its line breaks and tabs, for texts whose line breaks are our own. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /**
     * The line without anything that a CI system, which reads the output of its steps, executes as a command.
     *
     * @param start whether the text is the beginning of its line
     */
    public static String withoutCommands(String line, boolean start) {
        String safe = COMMAND.matcher(line).replaceAll("\\\\u0023#");
        int first = 0;
        while (first < safe.length() && Character.isWhitespace(safe.charAt(first))) {
            first++;
        }
        return start && safe.startsWith("::", first)
                ? safe.substring(0, first) + "\\u003a" + safe.substring(first + 1)
                : safe;
    }

    /** A code fence of Markdown that is longer than each fence in the text. */
    public static String fence(String text) {
        int longest = 2;
        Matcher fences = FENCE.matcher(text);
        while (fences.find()) {
            longest = Math.max(longest, fences.end() - fences.start());
        }
        return "`".repeat(longest + 1);
    }

    private static String escaped(String text, boolean breaks) {
        if (text.codePoints().allMatch(c -> isSafe(c, breaks))) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isSafe(c, breaks)) {
                safe.appendCodePoint(c);
            } else {
                escape(c, safe);
            }
        });
        return safe.toString();
    }

    private static void escape(int character, StringBuilder to) {
        switch (character) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                for (char unit : Character.toChars(character)) {
                    to.append("\\u%04x".formatted((int) unit));
                }
            }
        }
    }

    /** Whether a reader sees the character at its place and cannot mistake it for another character. */
    private static boolean isSafe(int character, boolean breaks) {
        return switch (Character.getType(character)) {
            case Character.CONTROL -> breaks && (character == '\n' || character == '\t');
            // Format: the marks of writing direction, zero-width characters, tags.
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            default -> (character & 0xfffe) != 0xfffe && !isBlank(character);
        };
    }

    /** Invisible letters and marks: the Hangul fillers, the joiner of graphemes, the selectors of variants. */
    private static boolean isBlank(int character) {
        return switch (character) {
            case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x3164, 0xffa0 -> true;
            default ->
                (character >= 0x180b && character <= 0x180f)
                        || (character >= 0xfe00 && character <= 0xfe0f)
                        || (character >= 0xe0000 && character <= 0xe0fff);
        };
    }
}
