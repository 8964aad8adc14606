package dev.holdfast.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.desired.Problem;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.SafeText;
import java.io.PrintWriter;
import java.util.List;

/** The results of a check as text, as JSON, or as workflow commands of GitHub. */
final class ValidationText {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ValidationText() {}

    static void text(List<StackValidation> stacks, PrintWriter out) {
        for (StackValidation stack : stacks) {
            stack.policies()
                    .forEach(f -> out.println(SafeText.line(
                            stack.stack() + ": " + f.resource() + ": " + f.action() + ": " + f.message())));
            CommandContext.warn(stack.warnings(), out);
            CommandContext.print(stack.problems(), out);
            out.println(SafeText.line(stack.summary()));
        }
    }

    static void json(List<StackValidation> stacks, PrintWriter out) {
        ObjectNode all = MAPPER.createObjectNode();
        all.put("valid", stacks.stream().allMatch(StackValidation::valid));
        all.set("stacks", MAPPER.valueToTree(stacks));
        out.println(all.toPrettyString());
    }

    /**
     * Prints workflow commands, so that GitHub shows each problem at its line.
     *
     * @see <a href="https://docs.github.com/actions/reference/workflow-commands-for-github-actions">Workflow commands</a>
     */
    static void github(List<StackValidation> stacks, PrintWriter out) {
        for (StackValidation stack : stacks) {
            stack.problems().forEach(problem -> atItsLine("error", stack, problem, out));
            stack.warnings().forEach(warning -> atItsLine("warning", stack, warning, out));
            stack.policies()
                    .forEach(f -> SafeWriter.workflowCommand(
                            out,
                            (f.action() == PolicyAction.deny ? "::error::" : "::warning::")
                                    + data(stack.stack() + ": " + f.resource() + ": " + f.message())));
            if (stack.reason() != null) {
                SafeWriter.workflowCommand(out, "::error::" + data(stack.summary()));
            }
            out.println(SafeText.line(stack.summary()));
        }
    }

    private static void atItsLine(String command, StackValidation stack, Problem problem, PrintWriter out) {
        String place = "file=" + property(path(stack.location(), problem.file())) + ",line=" + problem.line() + ",col="
                + problem.column();
        SafeWriter.workflowCommand(
                out,
                "::" + command + " " + place + "::"
                        + data(problem.pointer()
                                + (problem.pointer().isEmpty() ? "" : ": ")
                                + problem.message()
                                + " (" + problem.hint() + ")"));
    }

    /** The path relative to the command's working directory, which in a workflow is the root of the repository. */
    private static String path(String location, String file) {
        return InstallationConfig.isS3(location) || location.equals(".")
                ? file
                : location.replaceFirst("/+$", "") + "/" + file;
    }

    private static String data(String text) {
        return SafeText.line(text).replace("%", "%25");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
