package dev.holdfast.app;

import jakarta.enterprise.context.Dependent;
import picocli.CommandLine.Command;

/** The {@code holdfast} command. */
@Dependent
@Command(
        name = "holdfast",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Keeps an AWS account in its desired state.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ReconcileCommand.class,
            ValidateCommand.class,
            RenderCommand.class,
            PlanCommand.class,
            PublishCommand.class,
            RollbackCommand.class,
            DiffCommand.class,
            StatusCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            DriftCommand.class,
            EventsCommand.class,
            RevisionsCommand.class,
            GraphCommand.class,
            PolicyCommand.class,
            DestroyCommand.class,
            ApproveCommand.class,
            RetryCommand.class,
            ReconcileNowCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            SchemaCommand.class,
            KindsCommand.class,
            CompletionCommand.class,
            RotateCommand.class,
            TwinCommand.class
        })
public class TopCommand {}
