package dev.holdfast.app;

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
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes the plan of a stack for a command that shows it. Limitations of the plan are printed to the error stream.
 *
 * @param newInstallation whether the stack is to exist a second time, in addition to that of another installation
 */
record PlanMaker(Operator operator, boolean newInstallation, PrintWriter err) {
    /** @throws CommandFailure if no plan can be made, with the reason */
    StackView make(StackReconciler planner) {
        planner.plan();
        StackView view = planner.view();
        for (Condition condition : view.conditions()) {
            if (condition.reason().equals(StackView.ORPHAN_SEARCH_FAILED)) {
                // The plan is valid, but it may lack deletions.
                err.println(SafeText.line(String.valueOf(condition.message())));
            } else if (condition.type() != Condition.ConditionType.Paused) {
                throw new CommandFailure(condition.reason() + ": " + condition.message());
            }
        }
        if (view.published() != null) {
            err.println(SafeText.line(view.published().words()));
        }
        checkOwner(view);
        return view;
    }

    /**
     * Detects a wrong name of the installation, under which every resource seems to be new and nothing would be
     * deleted.
     */
    private void checkOwner(StackView view) {
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
        if (exists && !operator.remembers(view.name())) {
            err.println("the state at " + operator.environment().state() + " has no record of stack "
                    + view.name()
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
            err.println("cannot tell whether the resources to create belong to another installation: "
                    + SafeText.line(Faults.classify(e, List.of()).message()));
        }
    }
}
