package dev.holdfast.app;

import dev.holdfast.model.SafeText;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/** Each record of the log is one line, whatever text its message contains. */
@LoggingFilter(name = "safe")
public final class SafeLog implements Filter {
    @Override
    public boolean isLoggable(LogRecord entry) {
        ExtLogRecord all = ExtLogRecord.wrap(entry);
        String said = all.getFormattedMessage();
        if (said != null && !SafeText.line(said).equals(said)) {
            all.setMessage(SafeText.line(said), ExtLogRecord.FormatStyle.NO_FORMAT);
        }
        Throwable thrown = all.getThrown();
        if (thrown != null) {
            all.setThrown(SafeThrowable.of(thrown));
        }
        return true;
    }
}
