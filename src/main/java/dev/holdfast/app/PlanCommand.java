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
            StackReconciler reconciler = operator.planner(target.stack());
            reconciler.plan();
            StackView view = reconciler.view();
            for (Condition condition : view.conditions()) {
                if (condition.reason().equals(StackView.ORPHAN_SEARCH_FAILED)) {
                    // The plan is valid, but it may lack deletions.
                    err().println(SafeText.line(String.valueOf(condition.message())));
                } else if (condition.type() != Condition.ConditionType.Paused) {
                    throw new CommandFailure(condition.reason() + ": " + condition.message());
                }
            }
            if (view.published() != null) {
                err().println(SafeText.line(view.published().words()));
            }
            checkOwner(operator, view);
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

    /** Under a wrong name of the installation every resource seems to be new, and nothing would be deleted. */
    private void checkOwner(Operator operator, StackView view) {
        StackSettings settings = view.settings();
        Set<ResourceId> notOurs = Stream.concat(
                        view.verdicts().keySet().stream()
                                .filter(step -> step.action() == Action.Create)
                                .map(Step::resource),
                        view.resources().values().stream()
                                .filter(resource -> resource.reason() == Reason.NameTaken)
                                .map(ResourceView::id))
                .collect(Collectors.toSet());
        boolean exists = view.resources().values().stream().anyMatch(r -> r.physicalId() != null);
        if (exists && !operator.remembers(target.stack())) {
            err().println("the state at " + operator.environment().state() + " has no record of stack "
                    + target.stack()
                    + ", although resources of it exist: deletions that only the state explains are missing from"
                    + " this plan. Set HOLDFAST_STATE, or set HOLDFAST_DESIRED_STATE to the s3:// location that the"
                    + " daemon reads");
        }
        if (settings == null || notOurs.isEmpty() || newInstallation) {
            return;
        }
        try {
            operator.otherInstallations(settings, notOurs).forEach((name, resources) -> {
                throw new CommandFailure(resources.size() + " of the " + notOurs.size()
                        + " resources that '" + operator.environment().installation()
                        + "' does not own exist and belong to the installation '" + name + "' (for example "
                        + resources.iterator().next() + "): set HOLDFAST_INSTALLATION=" + name
                        + ", or pass --new-installation if the stack is to exist a second time");
            });
        } catch (SdkException e) {
            err().println("cannot tell whether the resources that it does not own belong to another installation: "
                    + SafeText.line(Faults.classify(e, List.of()).message()));
        }
    }
}
