package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.ApiModel;
import dev.holdfast.aws.Faults;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Action;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Step;
import jakarta.enterprise.context.Dependent;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkException;

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

    @Option(
            names = "--new-installation",
            description = "The stack is to exist a second time, beside that of another installation.")
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
