package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.model.Revision;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The arguments of a command that works on the commits to a stack. */
final class CommitsAtLocation {
    private static final int SHORTEST = 6;

    @Option(names = "--stack", required = true)
    private String stack = "";

    @Option(
            names = "--desired-state",
            paramLabel = "LOCATION",
            description = "Location of the published revisions, s3://bucket/prefix. Default: HOLDFAST_DESIRED_STATE.")
    private @Nullable String location;

    String stack() {
        return stack;
    }

    /** @throws CommandFailure if the location keeps no commits */
    InstallationConfig config() {
        CommandContext.checkStack(stack);
        InstallationConfig config = InstallationConfig.read(location);
        if (!InstallationConfig.isS3(config.desiredState())) {
            throw new CommandFailure(
                    "the desired state is the directory " + config.desiredState()
                            + ", which keeps no commits: name the s3://bucket/prefix to which you publish with"
                            + " --desired-state",
                    USAGE);
        }
        return config;
    }

    /**
     * The commits to the stack, newest first.
     *
     * @throws CommandFailure if nothing was published
     */
    List<Head> heads(DesiredSource source) {
        List<Head> heads = source.revisions(stack, PublishedStacks.MOST);
        if (heads.isEmpty()) {
            List<String> stacks = source.stacks();
            throw new CommandFailure("no revision of a stack " + stack + " was published at " + source.location()
                    + (stacks.isEmpty() ? "" : ": the stacks there are " + String.join(", ", stacks)));
        }
        return heads;
    }

    /**
     * The commit that a person named: the word head or previous, the number of a commit, or the revision's hash or the
     * first digits of it. Of several commits of one revision, it is the newest.
     */
    Head find(List<Head> heads, String word) {
        if (word.equals("head")) {
            return heads.getFirst();
        }
        if (word.equals("previous")) {
            if (heads.size() < 2) {
                throw new CommandFailure(
                        "there is no commit before commit " + heads.getFirst().number() + " of " + stack);
            }
            return heads.get(1);
        }
        boolean number = word.matches("#?[0-9]{1,5}");
        if (!number && !word.matches("[0-9a-f]{" + SHORTEST + ",64}")) {
            throw new CommandFailure(
                    "'" + word + "' names no revision: use head, previous, the number of a commit, or at least "
                            + SHORTEST + " digits of a revision's hash",
                    USAGE);
        }
        List<Head> found = heads.stream()
                .filter(h -> number
                        ? Long.toString(h.number()).equals(word.replace("#", ""))
                        : h.revision().startsWith(word))
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure("none of the last " + heads.size() + " commits to " + stack + " is " + word
                    + "; 'holdfast revisions --stack " + stack + "' lists them");
        }
        if (found.stream().map(Head::revision).distinct().count() > 1) {
            throw new CommandFailure(
                    word + " is the beginning of several revisions: "
                            + found.stream().map(Head::revision).distinct().collect(Collectors.joining(", ")),
                    USAGE);
        }
        return found.getFirst();
    }

    /**
     * The revision of the commit.
     *
     * @throws CommandFailure if the revision is missing, or this version no longer accepts it
     */
    Revision revision(DesiredSource source, Head head, PrintWriter err) {
        return switch (source.past(stack, head.revision())) {
            case LoadResult.ValidRevision valid -> valid.revision();
            case LoadResult.RefusedRevision refused -> {
                CommandContext.print(refused.problems(), err);
                throw new CommandFailure("commit " + head.number() + " of " + stack
                        + " does not validate with this version of Holdfast: "
                        + refused.problems().size()
                        + " problems, shown above");
            }
            case LoadResult.UnsettledSource settling -> throw new CommandFailure(stack + ": " + settling.reason());
            case LoadResult.NoDesiredState absent -> throw new CommandFailure(stack + ": " + absent.reason());
        };
    }

    /** A commit in words. */
    static String words(Head head) {
        String message = head.message().lines().findFirst().orElse("");
        return "commit " + head.number() + " (" + InspectedRows.shortened(head.revision()) + ", "
                + (head.author().isEmpty() ? "" : head.author() + ", ") + head.time()
                + (message.isEmpty() ? "" : ": " + message) + ")";
    }
}
