package dev.holdfast.app;

import dev.holdfast.desired.Head;
import dev.holdfast.desired.HeadSigner;
import dev.holdfast.desired.Publisher;
import dev.holdfast.model.Revision;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description =
                "Commits a stack's revision to S3, if it validates and no other publisher was faster. Shows its plan first"
                        + " and asks; --yes does not ask.")
class PublishCommand extends LocalCommand {
    @Mixin
    private StackInDirectory target = new StackInDirectory();

    @Option(names = "--to", description = "s3://bucket/prefix. Default: HOLDFAST_DESIRED_STATE.")
    private @Nullable String to;

    @Option(
            names = "--message",
            description = "The reason. Without --message and --author, both come from the git commit of DIR, if any.")
    private @Nullable String message;

    @Option(names = "--commit", description = "The commit in the version control system. Default: as for --message.")
    private @Nullable String commit;

    @Mixin
    private PublishingOptions publishing = new PublishingOptions();

    PublishCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        String to = place();
        Revision revision = target.revision(context, err());
        try (Operator operator =
                context.publishingOperator(InstallationConfig.readForPublishing(target.directory(), to))) {
            HeadSigner signer = publishing.signer(operator);
            Publisher.SeenHead seen = Publisher.look(operator.published(to), target.stack());
            boolean already = seen.isAlready(revision, signer);
            if (!already) {
                new Publishing(context, operator, out(), err()).show(revision, publishing);
                publishing.confirmation().ask(context, "publish this to " + to + "?");
            }
            Head head = Publisher.publish(seen, revision, commit(), signer, Clock.systemUTC());
            out().println(
                            already
                                    ? "nothing to publish: " + head.revision() + " is the head of " + target.stack()
                                            + " already, as commit " + head.number()
                                    : "published " + target.stack() + " " + head.revision()
                                            + (head.previous() == null ? "" : " after " + head.previous())
                                            + SigningOption.signed(head));
            out().flush();
            return ExitCodes.FINE;
        }
    }

    /** @throws CommandFailure if neither the option nor the variable names a bucket */
    private String place() {
        String named = to != null ? to : InstallationConfig.namedDesiredState();
        if (named == null) {
            throw new CommandFailure(
                    "no location to publish to is set: pass --to s3://bucket/prefix, or set HOLDFAST_DESIRED_STATE",
                    ExitCodes.USAGE);
        }
        if (!InstallationConfig.isS3(named)) {
            throw new CommandFailure(
                    (to != null ? "--to" : "HOLDFAST_DESIRED_STATE") + " '" + named
                            + "' is not of the form s3://bucket/prefix: revisions can be committed to S3 only",
                    ExitCodes.USAGE);
        }
        return named;
    }

    /** The commit in git counts only if the user names neither message nor author, which would not belong to it. */
    private Publisher.Commit commit() {
        GitCommit git = message == null && !publishing.namesAuthor() ? GitCommit.at(target.path()) : null;
        return git == null
                ? new Publisher.Commit(publishing.author(), Objects.requireNonNullElse(message, ""), commit)
                : new Publisher.Commit(git.author(), git.message(), commit != null ? commit : git.sha());
    }
}
