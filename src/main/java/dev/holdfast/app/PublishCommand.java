package dev.holdfast.app;

import dev.holdfast.desired.Head;
import dev.holdfast.desired.Publisher;
import dev.holdfast.model.Revision;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Dependent
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = "Commits a stack's revision to S3, if it validates and no other publisher was faster.")
class PublishCommand implements Callable<Integer> {
    @Mixin
    private StackInDirectory target = new StackInDirectory();

    @Option(names = "--to", required = true, description = "s3://bucket/prefix")
    private String to = "";

    @Option(names = "--message", defaultValue = "")
    private String message = "";

    @Option(names = "--author", defaultValue = "${env:USER:-}")
    private String author = "";

    @Option(names = "--commit", description = "The commit in the version control system.")
    private @Nullable String commit;

    @Spec
    private CommandSpec spec;

    private final CommandContext context;

    PublishCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!InstallationConfig.isS3(to)) {
            throw new CommandFailure(
                    "--to '" + to + "' is not of the form s3://bucket/prefix: revisions can be committed to S3 only",
                    ExitCodes.USAGE);
        }
        Revision revision = target.revision(context, spec.commandLine().getErr());
        try (Operator operator = context.operator(to)) {
            Head head = Publisher.publish(operator.published(to), revision, author, message, commit, Clock.systemUTC());
            spec.commandLine()
                    .getOut()
                    .println("published " + target.stack() + " " + head.revision()
                            + (head.previous() == null ? "" : " after " + head.previous()));
            spec.commandLine().getOut().flush();
            return ExitCodes.FINE;
        }
    }
}
