package dev.holdfast.app;

import dev.holdfast.desired.Head;
import dev.holdfast.desired.Publisher;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.model.Revision;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "destroy",
        mixinStandardHelpOptions = true,
        description = "Tears a stack down: commits a revision without resources. The daemon plans the deletions and"
                + " holds each of them until it is approved. Stateful resources are kept.")
class DestroyCommand extends LocalCommand {
    @Option(names = "--stack", required = true)
    private String stack = "";

    @Option(names = "--author", defaultValue = "${env:USER:-}")
    private String author = "";

    @Mixin
    private SigningOption signing = new SigningOption();

    DestroyCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        try (Operator operator = context.operator(null)) {
            String location = operator.environment().desiredState();
            if (!InstallationConfig.isS3(location)) {
                throw new CommandFailure(
                        "the desired state is the directory " + location + ", which takes no commits: publish " + stack
                                + " to s3://bucket/prefix, then destroy it there",
                        ExitCodes.USAGE);
            }
            Revision last = CommandContext.revision(operator.desired(), stack, err());
            Head head = Publisher.publish(
                    operator.published(location),
                    RevisionCodec.of(last.settings().ofTeardown(), Map.of()),
                    new Publisher.Commit(author, "destroy " + stack, null),
                    signing.signer(operator),
                    Clock.systemUTC());
            out().println("published " + stack + " " + head.revision() + SigningOption.signed(head)
                    + ", a revision without resources: 'holdfast plan' shows the deletions, 'holdfast"
                    + " approve' releases them; the stack is Destroying until only retained resources are left");
            out().flush();
            return ExitCodes.FINE;
        }
    }
}
