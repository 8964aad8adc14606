package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.ApiModel;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Condition;
import jakarta.enterprise.context.Dependent;
import java.io.Console;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Shows what would change, step by step. Reads AWS and the operator's state and writes nothing.")
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

    private final ObjectMapper json;

    PlanCommand(CommandContext context, ObjectMapper json) {
        super(context);
        this.json = json;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        try (Operator operator = context.operator(target.location())) {
            CommandContext.revision(operator.now(), target.stack(), err());
            StackReconciler reconciler = operator.planner(target.stack());
            reconciler.plan();
            StackView view = reconciler.view();
            for (Condition condition : view.conditions()) {
                if (condition.reason().equals(StackView.ORPHAN_SEARCH_FAILED)) {
                    // The plan is valid, but it may lack deletions.
                    err().println(condition.message());
                } else if (condition.type() != Condition.ConditionType.Paused) {
                    throw new CommandFailure(condition.reason() + ": " + condition.message());
                }
            }
            PrintWriter out = out();
            Console console = System.console();
            out.print(
                    switch (output) {
                        case text -> PlanText.text(view, console != null && console.isTerminal());
                        case markdown -> PlanText.markdown(view);
                        case json ->
                            json.writerWithDefaultPrettyPrinter().writeValueAsString(ApiModel.plan(view)) + "\n";
                    });
            out.flush();
            return detailed && !view.verdicts().isEmpty() ? ExitCodes.CHANGES : ExitCodes.FINE;
        }
    }
}
