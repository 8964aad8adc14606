package dev.holdfast.app;

import dev.holdfast.desired.NameSuggestion;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Hints for commands that other tools have and Holdfast does not have. */
final class UnknownCommand {
    private static final Map<String, String> INSTEAD = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "logs",
                    "'holdfast events -f' shows the events of a stack; a service's own logs are in CloudWatch: 'aws"
                            + " logs tail GROUP --follow'"),
            Map.entry("log", "'holdfast events' lists the events, 'holdfast revisions' the commits"),
            Map.entry("history", "'holdfast revisions' lists the commits, 'holdfast events' the events"),
            Map.entry("apply", "'holdfast publish' commits a revision, and the daemon applies it"),
            Map.entry("deploy", "'holdfast publish' commits a revision, and the daemon applies it"),
            Map.entry("up", "'holdfast publish' commits a revision, and the daemon applies it"),
            Map.entry("sync", "'holdfast reconcile-now' requests a full pass at once"),
            Map.entry("refresh", "'holdfast reconcile-now' requests a full pass at once, which reads everything"),
            Map.entry("delete", "remove the document and publish; 'holdfast destroy' tears a whole stack down"),
            Map.entry("down", "'holdfast destroy' tears a stack down"),
            Map.entry("edit", "change the document and publish; 'holdfast pause' lets you change something by hand"),
            Map.entry("list", "'holdfast get' lists the resources, 'holdfast get stacks' the stacks"),
            Map.entry("ls", "'holdfast get' lists the resources, 'holdfast get stacks' the stacks"),
            Map.entry("show", "'holdfast describe KIND/NAME' shows one resource, 'holdfast get' lists all"),
            Map.entry("undo", "'holdfast rollback --to previous' publishes the previous revision again"),
            Map.entry("revert", "'holdfast rollback --to previous' publishes the previous revision again"),
            Map.entry(
                    "rollout", "'holdfast describe ecsservice/NAME' shows a rollout, 'holdfast retry' starts it again"),
            Map.entry("import", "lifecycle.adopt in a document adopts an existing object; see docs/desired-state.md"),
            Map.entry("init", "'holdfast schema --out schemas' writes the schemas; nothing else has to be prepared"),
            Map.entry("fmt", "nothing formats documents; 'holdfast validate' checks them"),
            Map.entry("lint", "'holdfast validate' checks the documents"),
            Map.entry("version", "'holdfast --version' prints the version")));

    private UnknownCommand() {}

    /** @return null if there is such a command, or no command has a similar name */
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
