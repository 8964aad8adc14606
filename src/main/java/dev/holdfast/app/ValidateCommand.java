package dev.holdfast.app;

import dev.holdfast.desired.LoadResult;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Checks every stack in the directories and prints all problems.")
class ValidateCommand extends LocalCommand {
    @Parameters(arity = "1..*", paramLabel = "DIR")
    private List<Path> directories = List.of();

    ValidateCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        PrintWriter out = out();
        int result = ExitCodes.FINE;
        for (Path directory : directories) {
            Map<String, LoadResult> stacks = context.compile(directory);
            if (stacks.isEmpty()) {
                throw new CommandFailure("there is no stack in " + directory);
            }
            for (Map.Entry<String, LoadResult> stack : stacks.entrySet()) {
                switch (stack.getValue()) {
                    case LoadResult.ValidRevision valid ->
                        out.println(stack.getKey() + ": valid, "
                                + valid.revision().resources().size() + " resources, revision "
                                + valid.revision().sha256());
                    case LoadResult.RefusedRevision refused -> {
                        CommandContext.print(refused.problems(), out);
                        out.println(stack.getKey() + ": " + refused.problems().size() + " problems");
                        result = ExitCodes.ERROR;
                    }
                    case LoadResult.UnsettledSource settling -> {
                        out.println(stack.getKey() + ": " + SafeText.line(settling.reason()));
                        result = ExitCodes.ERROR;
                    }
                    case LoadResult.NoDesiredState absent -> {
                        out.println(stack.getKey() + ": " + SafeText.line(absent.reason()));
                        result = ExitCodes.ERROR;
                    }
                }
            }
        }
        out.flush();
        return result;
    }
}
