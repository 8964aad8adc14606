package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Hostile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

/** The outputs of this process escape text that was not escaped before. */
class SafeOutputTest {
    private final StringWriter written = new StringWriter();
    private final PrintWriter out = SafeWriter.on(written);

    @Test
    void whateverIsPrintedIsTamed() {
        out.println(Hostile.TEXT.replaceAll("\n[#|`~][^\n]*", ""));
        out.print("::error");
        out.println("::x");
        out.print("  ");
        out.flush();
        out.println("::error::x");
        out.printf("%s%n", "a ::b");
        out.flush();

        Hostile.isTamed(written.toString().replace("\u001b[31m", ""));
        assertThat(written.toString()).endsWith("\na ::b\n");
    }

    @Test
    void coloursAndLinesPass() {
        out.print("\u001b[32m  + Vpc/main\u001b[0m: 1\n\tat x\n");
        out.flush();

        assertThat(written).hasToString("\u001b[32m  + Vpc/main\u001b[0m: 1\n\tat x\n");
    }

    @Test
    void aRecordOfTheLogIsOneLine() {
        ExtLogRecord logged = new ExtLogRecord(Level.INFO, "said %s", ExtLogRecord.FormatStyle.PRINTF, "x");
        logged.setParameters(new Object[] {Hostile.TEXT});
        logged.setThrown(new IllegalStateException(Hostile.TEXT, new IllegalArgumentException(Hostile.TEXT)));

        assertThat(new SafeLog().isLoggable(logged)).isTrue();

        assertThat(logged.getFormattedMessage()).startsWith("said a\\n::error").doesNotContain("\n");
        StringWriter trace = new StringWriter();
        logged.getThrown().printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContain("\u001b", "\u202e", "\u009b");
        assertThat(trace.toString().lines().filter(l -> !l.startsWith("\t")))
                .allMatch(l -> l.startsWith("java.lang.Illegal") || l.startsWith("Caused by: java.lang.Illegal"));
    }

    @Test
    void whatIsHarmlessIsLoggedAsItIs() {
        ExtLogRecord logged = new ExtLogRecord(Level.INFO, "%s of {0}", ExtLogRecord.FormatStyle.PRINTF, "x");
        logged.setParameters(new Object[] {1});
        Throwable thrown = new IllegalStateException("x");
        logged.setThrown(thrown);

        new SafeLog().isLoggable(logged);

        assertThat(logged.getFormattedMessage()).isEqualTo("1 of {0}");
        assertThat(logged.getThrown()).isSameAs(thrown);
    }

    @Test
    void aFailureIsOneLineAndOneLineForEachItem() {
        CommandFailure failure = new CommandFailure("not converged:" + Hostile.TEXT, List.of(Hostile.TEXT, "b"));

        assertThat(String.valueOf(failure.getMessage()).lines()).hasSize(3);
    }
}
