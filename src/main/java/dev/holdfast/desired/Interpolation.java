package dev.holdfast.desired;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into literal segments and {@code ${…}} placeholders, and joins them again. */
final class Interpolation {
    private Interpolation() {}

    sealed interface Segment {}

    /** Literal text with escapes undone. */
    record Literal(String text) implements Segment {}

    /** @param text the text between the braces */
    record Placeholder(String text) implements Segment {}

    /** A placeholder without a closing brace. */
    record Unclosed(String text) implements Segment {}

    static List<Segment> parse(String text) {
        if (!text.contains("${")) {
            return text.isEmpty() ? List.of() : List.of(new Literal(text));
        }
        List<Segment> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$${", i)) {
                literal.append("${");
                i += 3;
            } else if (text.startsWith("${", i)) {
                flush(literal, parts);
                int close = text.indexOf('}', i);
                if (close < 0) {
                    parts.add(new Unclosed(text.substring(i)));
                    return parts;
                }
                parts.add(new Placeholder(text.substring(i + 2, close)));
                i = close + 1;
            } else {
                literal.append(text.charAt(i++));
            }
        }
        flush(literal, parts);
        return parts;
    }

    private static void flush(StringBuilder literal, List<Segment> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** The inverse of {@link #parse}: escapes a literal <code>${</code> again. */
    static String render(List<Segment> parts) {
        StringBuilder text = new StringBuilder();
        StringBuilder literal = new StringBuilder();
        for (Segment part : parts) {
            switch (part) {
                case Literal l -> literal.append(l.text());
                case Placeholder h -> {
                    text.append(escape(literal.toString()))
                            .append("${")
                            .append(h.text())
                            .append('}');
                    literal.setLength(0);
                }
                case Unclosed u -> {
                    text.append(escape(literal.toString())).append(u.text());
                    literal.setLength(0);
                }
            }
        }
        return text.append(escape(literal.toString())).toString();
    }

    static String escape(String literal) {
        return literal.replace("${", "$${");
    }

    static boolean hasPlaceholder(String text) {
        return parse(text).stream().anyMatch(p -> !(p instanceof Literal));
    }

    /** Whether the text is exactly one placeholder, which takes the JSON type of the referenced value. */
    static boolean isOnePlaceholder(String text) {
        List<Segment> parts = parse(text);
        return parts.size() == 1 && parts.getFirst() instanceof Placeholder;
    }
}
