package dev.holdfast.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.Revision;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description =
                "Prints the least-privilege IAM policy for a stack, generated from the calls that its kinds make.")
class PolicyCommand extends LocalCommand {
    private static final String KMS = "kms:";
    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    /** The role that the policy is for. */
    enum PolicyPart {
        /** The operator and the stack, if the operator uses the same role for both. */
        all,
        /** The operator itself. */
        operator,
        /** The role that manages the stack's resources. */
        stack,
        /** A role that only plans. */
        reader,
        /** A role that only publishes. */
        publisher,
        /** A person who approves, pauses, resumes and retries through the state. */
        approver
    }

    @Mixin
    private StackInDirectory target = new StackInDirectory();

    @Option(
            names = "--part",
            defaultValue = "all",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}, which is operator and stack.")
    private PolicyPart part = PolicyPart.all;

    @Option(
            names = "--desired-state",
            description = "The operator's desired state: s3://bucket/prefix. Default: HOLDFAST_DESIRED_STATE.")
    private @Nullable String desiredState;

    @Option(
            names = "--alert-topic",
            defaultValue = "${env:HOLDFAST_ALERT_TOPIC:-}",
            description = "The ARN of the topic for alerts.")
    private String alertTopic = "";

    @Option(
            names = "--metrics",
            defaultValue = "${env:HOLDFAST_METRICS:-}",
            description = "cloudwatch: includes the permission to publish metrics.")
    private String metrics = "";

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description = "With --part publisher: includes the permission to sign with this KMS key, kms:ID, kms:ARN or"
                    + " kms:alias/NAME, as publish --sign names it.")
    private @Nullable String sign;

    @Option(
            names = "--out",
            description = "Writes files to this directory, each within the size limit of a managed policy.")
    private @Nullable Path out;

    PolicyCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        Revision revision = target.revision(context, err());
        String role = revision.settings().roleArn();
        if (role != null && part == PolicyPart.all) {
            throw new CommandFailure(
                    "the operator assumes the role " + role + " for " + target.stack()
                            + ": use --part operator for the operator, and --part stack for that role",
                    ExitCodes.USAGE);
        }
        List<PolicyStatement> statements = List.copyOf(new LinkedHashSet<>(statements(revision)));
        PolicyRemark.on(statements).forEach(remark -> err().println("note: " + remark));
        err().flush();
        if (out == null) {
            print(statements);
        } else {
            write(statements, out);
        }
        return ExitCodes.FINE;
    }

    private List<PolicyStatement> statements(Revision revision) {
        InstallationConfig environment = InstallationConfig.read(desiredState);
        List<PolicyStatement> own = new ArrayList<>(OperatorPolicy.operator(
                environment, alertTopic.isEmpty() ? null : alertTopic, metrics.equals("cloudwatch")));
        own.addAll(OperatorPolicy.guardrails(InstallationConfig.guardrails()));
        own.addAll(OperatorPolicy.events(ChangeEventSettings.read()));
        List<PolicyStatement> resources = StackPolicy.of(context.catalog(), environment.installation(), revision);
        return switch (part) {
            case all -> Stream.concat(own.stream(), resources.stream()).toList();
            case operator ->
                Stream.concat(own.stream(), OperatorPolicy.assume(revision.settings()).stream())
                        .toList();
            case stack -> resources;
            case reader ->
                Stream.concat(OperatorPolicy.reader(environment).stream(), StackPolicy.reads(resources).stream())
                        .toList();
            case publisher ->
                Stream.concat(OperatorPolicy.publisher(environment, target.stack()).stream(), signer(revision).stream())
                        .toList();
            case approver -> OperatorPolicy.approver(environment, target.stack());
        };
    }

    /** A key in a file needs no permission. */
    private List<PolicyStatement> signer(Revision revision) {
        return sign == null || !sign.startsWith(KMS) || sign.length() == KMS.length()
                ? List.of()
                : List.of(OperatorPolicy.signer(sign.substring(KMS.length()), revision.settings()));
    }

    private void print(List<PolicyStatement> statements) throws JsonProcessingException {
        ObjectNode document = PolicySplitter.document(statements);
        PrintWriter to = out();
        to.println(JSON.writeValueAsString(document));
        to.flush();
        int size = PolicySplitter.size(document);
        if (size > PolicySplitter.LIMIT) {
            PrintWriter err = err();
            err.printf(
                    "The policy has %d characters, but a managed policy may have %d: --out DIR writes it as %d files.%n",
                    size, PolicySplitter.LIMIT, PolicySplitter.split(statements).size());
            err.flush();
        }
    }

    private void write(List<PolicyStatement> statements, Path to) throws IOException {
        Files.createDirectories(to);
        List<ObjectNode> documents = PolicySplitter.split(statements);
        for (int i = 0; i < documents.size(); i++) {
            Path file = to.resolve("holdfast-" + target.stack() + "-" + part + "-" + (i + 1) + ".json");
            Files.writeString(file, JSON.writeValueAsString(documents.get(i)) + "\n");
            out().println(file);
        }
        out().flush();
    }
}
