package dev.holdfast.app;

import dev.holdfast.model.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Rows in columns that line up, with spaces between them. No cell ends a line. */
final class TextTable {
    private static final String GAP = "   ";

    private final List<String> headers;
    private final List<List<String>> rows = new ArrayList<>();
    /** The least width of each column. */
    private List<Integer> widths = List.of();

    TextTable(String... headers) {
        this.headers = List.of(headers);
    }

    /** An empty cell is shown as {@code -}. */
    void row(String... cells) {
        row(List.of(cells));
    }

    void row(List<String> cells) {
        rows.add(cells.stream().map(c -> c.isBlank() ? "-" : SafeText.line(c)).toList());
    }

    /** Lines up with another table of the same columns, whose lines stand above. */
    TextTable below(TextTable above) {
        widths = above.widths();
        return this;
    }

    private List<Integer> widths() {
        List<Integer> all = new ArrayList<>();
        for (int column = 0; column < headers.size(); column++) {
            int width = Math.max(length(headers.get(column)), widths.isEmpty() ? 0 : widths.get(column));
            for (List<String> row : rows) {
                width = Math.max(width, length(row.get(column)));
            }
            all.add(width);
        }
        return all;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * The lines, without line ends.
     *
     * @param withHeader whether the names of the columns come first
     * @param paint returns the text to print for a cell, given its text without and with padding
     */
    List<String> lines(boolean withHeader, BinaryOperator<String> paint) {
        List<Integer> widths = widths();
        List<String> lines = new ArrayList<>();
        if (withHeader) {
            lines.add(line(headers, widths, (cell, padded) -> padded));
        }
        rows.forEach(row -> lines.add(line(row, widths, paint)));
        return lines;
    }

    private static String line(List<String> cells, List<Integer> widths, BinaryOperator<String> paint) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            boolean last = column == cells.size() - 1;
            line.append(paint.apply(
                    cell, last ? cell : cell + " ".repeat(Math.max(0, widths.get(column) - length(cell)))));
            if (!last) {
                line.append(GAP);
            }
        }
        return line.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
