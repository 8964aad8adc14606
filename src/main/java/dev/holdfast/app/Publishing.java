package dev.holdfast.app;

import dev.holdfast.engine.StackView;
import dev.holdfast.model.Revision;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Shows the plan of a revision before its publication. */
record Publishing(CommandContext context, Operator operator, PrintWriter out, PrintWriter err) {
    /** @return null if no plan is wanted */
    @Nullable
    StackView show(Revision revision, PublishingOptions options) {
        if (options.withoutPlan()) {
            return null;
        }
        try {
            StackView view = new PlanMaker(operator, options.newInstallation(), err).make(operator.planner(revision));
            out.print(PlanText.text(view, Palette.of(context).on()));
            out.flush();
            return view;
        } catch (CommandFailure e) {
            throw new CommandFailure(
                    "no plan can be made, and nothing was published: " + e.getMessage()
                            + ". --no-plan publishes without one",
                    e.exitCode());
        }
    }
}
