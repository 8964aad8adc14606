package dev.holdfast.app;

import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The colours of a terminal. There are none elsewhere, and none if {@code NO_COLOR} is set.
 *
 * @see <a href="https://no-color.org/">no-color.org</a>
 */
record Palette(boolean on) {
    private static final String RESET = "\u001b[0m";

    static Palette of(CommandContext context) {
        return new Palette(context.terminal() != null
                && ConfigProvider.getConfig()
                        .getOptionalValue("NO_COLOR", String.class)
                        .filter(value -> !value.isEmpty())
                        .isEmpty());
    }

    /** The text in the colour of a status, of a stack or of a resource. */
    String status(String status, String text) {
        return switch (status) {
            case "Synced", "Repaired", "True", "Resolved" -> in("32", text);
            case "Failed", "Stalled", "Refused", "Unmanaged", "False", "Alert", "Contested" -> in("31", text);
            case "AwaitingApproval" -> in("35", text);
            case "Orphaned", "Paused", "Unknown", "StandingBy", "Starting" -> in("90", text);
            case "Destroying", "Drifted", "Pending", "Progressing", "Waiting", "Warning", "Detected", "Repairing" ->
                in("33", text);
            default -> text;
        };
    }

    String bold(String text) {
        return in("1", text);
    }

    String added(String text) {
        return in("32", text);
    }

    String removed(String text) {
        return in("31", text);
    }

    String changed(String text) {
        return in("33", text);
    }

    private String in(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
