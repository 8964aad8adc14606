package dev.holdfast.app;

import dev.holdfast.composites.Composite;
import dev.holdfast.composites.CompositeInfo;
import dev.holdfast.composites.Composites;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Dependent
@Command(name = "kinds", mixinStandardHelpOptions = true, description = "Lists the kinds and composites.")
class KindsCommand extends LocalCommand {
    @Option(names = "--markdown", description = "Prints a Markdown page with every field.")
    private boolean markdown;

    KindsCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        PrintWriter out = out();
        if (markdown) {
            out.print(KindsMarkdown.of(context.catalog()));
            out.flush();
            return ExitCodes.FINE;
        }
        for (Kind<?> kind : context.catalog().all().values()) {
            KindInfo<?> info = kind.info();
            out.printf("%-24s %s%n", info.name(), info.description());
            out.printf(
                    "%-24s %s, owned by %s, outputs %s%n",
                    "",
                    info.stateful() ? "stateful" : "stateless",
                    info.ownership(),
                    String.join(", ", info.outputs().keySet()));
            out.printf("%-24s %s%n", "", info.page());
        }
        for (Composite<?> composite : Composites.ALL.all().values()) {
            CompositeInfo<?> info = composite.info();
            out.printf("%-24s %s%n", info.name(), info.description());
            out.printf(
                    "%-24s composite, outputs %s%n",
                    "", String.join(", ", info.outputs().keySet()));
        }
        out.flush();
        return ExitCodes.FINE;
    }
}
