package dev.holdfast.app;

import dev.holdfast.desired.NameSuggestion;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What to use instead of commands that other tools have and Holdfast has not. */
final class UnknownCommand {
    private static final Map<String, String> INSTEAD = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "logs",
                    "'holdfast events -f' shows what happens to a stack; a service's own logs are in CloudWatch: 'aws logs"
                            + " tail GROUP --follow'"),
            Map.entry("log", "'holdfast events' shows what happened, 'holdfast revisions' the commits"),
            Map.entry("history", "'holdfast revisions' lists the commits, 'holdfast events' what happened"),
            Map.entry("apply", "'holdfast publish' commits a revision, and the daemon applies it"),
            Map.entry("deploy", "'holdfast publish' commits a revision, and the daemon applies it"),
            Map.entry("up", "'holdfast publish' commits a revision, and the daemon applies it"),
            Map.entry("sync", "'holdfast reconcile-now' has the daemon make a full pass at once"),
            Map.entry("refresh", "'holdfast reconcile-now' has the daemon read everything at once"),
            Map.entry("delete", "take the document out and publish; 'holdfast destroy' tears a whole stack down"),
            Map.entry("down", "'holdfast destroy' tears a stack down"),
            Map.entry("edit", "change the document and publish; 'holdfast pause' lets you change something by hand"),
            Map.entry("list", "'holdfast get' lists the resources, 'holdfast get stacks' the stacks"),
            Map.entry("ls", "'holdfast get' lists the resources, 'holdfast get stacks' the stacks"),
            Map.entry("show", "'holdfast describe KIND/NAME' shows one resource, 'holdfast get' lists them"),
            Map.entry("undo", "'holdfast rollback --to previous' goes back to the revision before"),
            Map.entry("revert", "'holdfast rollback --to previous' goes back to the revision before"),
            Map.entry(
                    "rollout",
                    "'holdfast describe ecsservice/NAME' shows a rollout, 'holdfast retry' starts one again"),
            Map.entry("import", "lifecycle.adopt in a document takes over what exists; see docs/desired-state.md"),
            Map.entry("init", "'holdfast schema --out schemas' writes the schemas; nothing else has to be prepared"),
            Map.entry("fmt", "nothing formats documents; 'holdfast validate' checks them"),
            Map.entry("lint", "'holdfast validate' checks the documents"),
            Map.entry("version", "'holdfast --version' tells it")));

    private UnknownCommand() {}

    /** @return null: there is such a command, or nothing is like it */
    static @Nullable String instead(String command, Set<String> known) {
        if (known.contains(command)) {
            return null;
        }
        String said = INSTEAD.get(command);
        String near = said == null ? NameSuggestion.to(command, known) : null;
        return said != null
                ? "there is no command '" + command + "': " + said
                : near == null ? null : "did you mean 'holdfast " + near + "'?";
    }
}
