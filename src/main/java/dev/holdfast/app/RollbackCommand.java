package dev.holdfast.app;

import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.HeadSigner;
import dev.holdfast.desired.Publisher;
import dev.holdfast.engine.RollbackLosses;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Revision;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description =
                "Publishes a former revision of a stack again, as a new commit. It first shows the plan and the losses"
                        + " that remain, and asks; with --yes it does not ask.")
class RollbackCommand extends LocalCommand {
    @Mixin
    private CommitsAtLocation commits = new CommitsAtLocation();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "REVISION",
            description =
                    "previous, the number of a commit, or a revision's hash or its first digits: 'holdfast revisions'"
                            + " lists them.")
    private String to = "";

    @Option(names = "--message", description = "The reason for the commit. Default: Roll back to …")
    private @Nullable String message;

    @Mixin
    private PublishingOptions publishing = new PublishingOptions();

    RollbackCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        InstallationConfig config = commits.config();
        try (Operator operator = context.publishingOperator(config)) {
            DesiredSource source = operator.now();
            List<Head> heads = commits.heads(source);
            Head now = heads.getFirst();
            Head target = commits.find(heads, to);
            HeadSigner signer = publishing.signer(operator);
            Publisher.SeenHead seen = Publisher.look(operator.published(config.desiredState()), commits.stack());
            if (seen.head() == null || seen.head().number() != now.number()) {
                throw new CommandFailure("another publisher has just committed " + commits.stack() + ": try again");
            }
            if (target.revision().equals(now.revision())) {
                throw new CommandFailure(CommitsAtLocation.words(target) + " is already the desired state of the stack "
                        + commits.stack() + ": nothing was published");
            }
            if (now.signature() != null && signer == null) {
                throw new CommandFailure(
                        "commit " + now.number()
                                + " is signed, and a commit without a signature may be refused: pass --sign KEY",
                        ExitCodes.USAGE);
            }
            Revision former = commits.revision(source, target, err());
            say("from " + CommitsAtLocation.words(now));
            say("to   " + CommitsAtLocation.words(target));
            StackView view = new Publishing(context, operator, out(), err()).show(former, publishing);
            losses(view, former);
            publishing
                    .confirmation()
                    .ask(
                            context,
                            "publish commit " + target.number() + " again, as commit " + (now.number() + 1) + "?");
            Head head = Publisher.publish(
                    seen,
                    former,
                    new Publisher.Commit(publishing.author(), message(target), target.commit()),
                    signer,
                    Clock.systemUTC());
            say("published " + commits.stack() + " " + head.revision() + " as commit " + head.number()
                    + SigningOption.signed(head));
            return ExitCodes.FINE;
        }
    }

    private String message(Head target) {
        return message != null
                ? message
                : "Roll back to commit " + target.number() + " (" + InspectedRows.shortened(target.revision()) + ")"
                        + original(target.message());
    }

    /** The original message behind a rollback, so that messages do not grow with repeated rollbacks. */
    private static String original(String message) {
        String said = message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^(?:Roll back to commit \\d+ \\([0-9a-f]{12}\\)(?:: |$))+", "");
        return said.isEmpty() ? "" : ": " + said;
    }

    private void losses(@Nullable StackView view, Revision former) {
        List<String> lines = new ArrayList<>(
                view == null
                        ? List.of("without a plan, nobody knows which resources are deleted, replaced or created empty")
                        : RollbackLosses.of(view, context.catalog()));
        lines.addAll(RollbackLosses.always(former, context.catalog()));
        if (!lines.isEmpty()) {
            say("The rollback does not restore:");
            lines.forEach(line -> say("  ! " + line));
        }
    }

    private void say(String line) {
        out().println(SafeText.line(line));
        out().flush();
    }
}
