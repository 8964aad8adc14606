package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.ApiModel;
import dev.holdfast.engine.StackView;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Shows the plan of a stack, step by step. Reads AWS and the operator's state and writes nothing.")
class PlanCommand extends LocalCommand {
    /** In lower case, as people type them. */
    enum PlanFormat {
        text,
        json,
        markdown
    }

    @Mixin
    private StackAtLocation target = new StackAtLocation();

    @Option(
            names = "--output",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private PlanFormat output = PlanFormat.text;

    @Option(names = "--detailed-exitcode", description = "Exits with 2 if there are changes.")
    private boolean detailed;

    @Option(
            names = "--new-installation",
            description = "The stack is to exist a second time, in addition to that of another installation.")
    private boolean newInstallation;

    private final ObjectMapper json;

    PlanCommand(CommandContext context, ObjectMapper json) {
        super(context);
        this.json = json;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        try (Operator operator = context.planningOperator(target.location())) {
            CommandContext.revision(operator.now(), target.stack(), err());
            err().println(operator.guardrailsNow().words());
            StackView view = new PlanMaker(operator, newInstallation, err()).make(operator.planner(target.stack()));
            PrintWriter out = out();
            out.print(
                    switch (output) {
                        case text -> PlanText.text(view, Palette.of(context).on());
                        case markdown -> PlanText.markdown(view);
                        case json ->
                            json.writerWithDefaultPrettyPrinter().writeValueAsString(ApiModel.plan(view)) + "\n";
                    });
            out.flush();
            return detailed && !view.verdicts().isEmpty() ? ExitCodes.CHANGES : ExitCodes.FINE;
        }
    }
}
