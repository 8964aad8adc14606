package dev.holdfast.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The commit that is checked out in the repository of a directory, as the program {@code git} reports it.
 *
 * @param author the address of the commit's author
 * @param message the subject of the commit, with a note if files of the directory differ from the commit
 * @param sha null if files of the directory differ from the commit
 */
record GitCommit(String author, String message, @Nullable String sha) {
    private static final long PATIENCE_SECONDS = 10;
    private static final String FORMAT = "--format=%H%n%aE%n%s";
    private static final int LINES = 3;

    /** @return null if the directory is in no repository with a commit, or {@code git} is not installed */
    static @Nullable GitCommit at(Path directory) {
        return at(directory, "git");
    }

    static @Nullable GitCommit at(Path directory, String program) {
        List<String> head = lines(directory, program, "log", "-1", "--no-show-signature", FORMAT);
        if (head == null || head.size() != LINES) {
            return null;
        }
        List<String> changes = lines(directory, program, "status", "--porcelain", "--", ".");
        boolean clean = changes != null && changes.isEmpty();
        return new GitCommit(
                head.get(1),
                clean ? head.get(2) : head.get(2) + " (and changes that are not committed)",
                clean ? head.getFirst() : null);
    }

    /** @return null if the command failed */
    private static @Nullable List<String> lines(Path directory, String program, String... arguments) {
        // Otherwise git would execute the file system monitor that the repository's own configuration names.
        List<String> command = new ArrayList<>(List.of(
                program,
                "-C",
                directory.toString(),
                "-c",
                "core.fsmonitor=false",
                "-c",
                "i18n.logOutputEncoding=UTF-8"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("LC_ALL", "C", "GIT_OPTIONAL_LOCKS", "0", "GIT_TERMINAL_PROMPT", "0"));
        try {
            Process git = builder.start();
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .execute(git::destroyForcibly);
            try (InputStream output = git.getInputStream()) {
                String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                return git.waitFor() == 0 ? text.lines().toList() : null;
            }
        } catch (IOException e) {
            // The program is not installed.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
