package dev.holdfast.app;

import dev.holdfast.model.SafeText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of a command. No printed text moves the cursor, and no CI system that reads the output takes a line for a
 * command. Colours pass. The command decides where a line ends, and escapes the parts of a line itself.
 */
final class SafeWriter extends Writer {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Writer to;
    private final StringBuilder line = new StringBuilder();
    private boolean atStart = true;

    private SafeWriter(Writer to) {
        this.to = to;
    }

    static PrintWriter on(Writer to) {
        return new SafePrinter(new SafeWriter(to));
    }

    /**
     * Prints a line that a CI system is to take for a command. The caller has escaped the foreign parts of the line.
     */
    static void workflowCommand(PrintWriter out, String line) {
        if (out instanceof SafePrinter safe) {
            safe.command(line);
        } else {
            out.println(line);
        }
    }

    private static final class SafePrinter extends PrintWriter {
        private final SafeWriter behind;

        SafePrinter(SafeWriter behind) {
            super(behind, true);
            this.behind = behind;
        }

        void command(String line) {
            flush();
            try {
                behind.to.write(line + "\n");
                behind.to.flush();
            } catch (IOException e) {
                setError();
            }
        }
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            line.append(characters[i]);
            if (characters[i] == '\n') {
                writeLine();
            }
        }
    }

    private void writeLine() throws IOException {
        String text = line.toString();
        line.setLength(0);
        String all = SafeText.withoutCommands(text, atStart);
        Matcher colour = COLOUR.matcher(all);
        StringBuilder safe = new StringBuilder();
        int from = 0;
        while (colour.find()) {
            safe.append(SafeText.lines(all.substring(from, colour.start()))).append(colour.group());
            from = colour.end();
        }
        to.write(safe.append(SafeText.lines(all.substring(from))).toString());
        atStart = text.endsWith("\n") || (atStart && text.isBlank());
    }

    @Override
    public void flush() throws IOException {
        if (!line.isEmpty()) {
            writeLine();
        }
        to.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
        to.close();
    }
}
