package dev.holdfast.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The coming changes of a resource that need no further call: changes that AWS accepted and makes later, and the end of
 * AWS's support.
 *
 * @param pending the fields that AWS changes in the maintenance window; empty: none
 * @param window the maintenance window, as AWS writes it
 * @param restart the settings that take effect only with a restart, in words; null: none
 * @param support the end of AWS's support for the software of the resource; null: unknown, or no end
 */
public record Outlook(
        List<String> pending,
        @Nullable MaintenanceWindow window,
        @Nullable String restart,
        @Nullable SupportEnd support) {
    public static final Outlook NONE = new Outlook(List.of(), null, null, null);

    public Outlook pending(List<String> fields, @Nullable MaintenanceWindow opens) {
        return new Outlook(List.copyOf(fields), opens, restart, support);
    }

    public Outlook restart(@Nullable String why) {
        return new Outlook(pending, window, why, support);
    }

    public Outlook support(@Nullable SupportEnd end) {
        return new Outlook(pending, window, restart, end);
    }
}
