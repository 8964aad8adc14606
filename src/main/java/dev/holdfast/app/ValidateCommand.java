package dev.holdfast.app;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.GuardedSource;
import dev.holdfast.desired.GuardrailsFile;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.RevisionPolicies;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.SafeText;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.services.s3.S3Client;

@Dependent
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Checks every stack at the locations and prints all problems.")
class ValidateCommand extends LocalCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "LOCATION",
            description = "A directory, or s3://bucket/prefix: what is published there, with its signatures.")
    private List<String> locations = List.of();

    @Option(
            names = "--guardrails",
            paramLabel = "FILE",
            description = "The guardrails to check against, a path or s3://bucket/key. Default: HOLDFAST_GUARDRAILS.")
    private @Nullable String guardrails;

    ValidateCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        PrintWriter out = out();
        int result = ExitCodes.FINE;
        GuardrailsState rails = guardrails();
        if (rails instanceof GuardrailsState.UnreadableGuardrails) {
            throw new CommandFailure(rails.words());
        }
        err().flush();
        for (String location : locations) {
            Map<String, LoadResult> stacks = stacks(location, rails);
            if (stacks.isEmpty()) {
                throw new CommandFailure("there is no stack in " + location);
            }
            for (Map.Entry<String, LoadResult> stack : stacks.entrySet()) {
                switch (stack.getValue()) {
                    case LoadResult.ValidRevision valid -> {
                        boolean denied = printPolicies(rails, valid.revision(), out);
                        out.println(stack.getKey() + ": " + (denied ? "denied by policies, " : "valid, ")
                                + valid.revision().resources().size() + " resources, revision "
                                + valid.revision().sha256());
                        result = denied ? ExitCodes.ERROR : result;
                    }
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

    /** @return whether a policy denies a resource */
    private boolean printPolicies(GuardrailsState rails, Revision revision, PrintWriter out) {
        if (!(rails instanceof GuardrailsState.ActiveGuardrails active)) {
            return false;
        }
        boolean denied = false;
        Map<ResourceId, List<PolicyFinding>> findings =
                RevisionPolicies.check(active.guardrails().policies(), revision, context.catalog());
        for (Map.Entry<ResourceId, List<PolicyFinding>> resource : findings.entrySet()) {
            for (PolicyFinding finding : resource.getValue()) {
                denied |= finding.action() == PolicyAction.deny;
                out.println(SafeText.line(revision.settings().name() + ": " + resource.getKey() + ": "
                        + finding.action() + ": " + finding.words()));
            }
        }
        return denied;
    }

    /** By name. What lies in a directory is a draft: it is signed when it is published. */
    private Map<String, LoadResult> stacks(String location, GuardrailsState rails) {
        Map<String, LoadResult> stacks = new TreeMap<>();
        if (InstallationConfig.isS3(location)) {
            try (Operator operator = context.operator(location)) {
                DesiredSource source = operator.now();
                source.stacks()
                        .forEach(name ->
                                stacks.put(name, GuardedSource.guarded(source.read(name), rails, context.catalog())));
            }
        } else {
            context.compile(Path.of(location))
                    .forEach((name, loaded) ->
                            stacks.put(name, GuardedSource.guarded(loaded, rails.ofDrafts(), context.catalog())));
        }
        return stacks;
    }

    private GuardrailsState guardrails() {
        String location = guardrails != null ? guardrails : InstallationConfig.guardrails();
        GuardrailsState state = location == null ? GuardrailsState.NONE : read(location);
        err().println(state.words());
        return state;
    }

    /** Whoever only checks documents may have no access to the bucket: then they are told what is not checked. */
    private GuardrailsState read(String location) {
        if (!InstallationConfig.isS3(location)) {
            return GuardrailsLocation.open(location, ValidateCommand::folder, context.catalog())
                    .get();
        }
        try (ClientFactory clients = CommandContext.clients()) {
            GuardrailsFile file = GuardrailsLocation.open(
                    location,
                    prefix -> ObjectStores.open(
                            prefix,
                            () -> clients.of("", Operator.region(), null).client(S3Client.class)),
                    context.catalog());
            if (file.found() || guardrails != null) {
                return file.get();
            }
            err().println("the guardrails of " + location
                    + " are not checked here, because they cannot be read: pass a copy as --guardrails FILE");
            return GuardrailsState.NONE;
        }
    }

    private static ObjectStore folder(String path) {
        return ObjectStores.open(path, () -> {
            throw new IllegalStateException("no path leads to S3");
        });
    }
}
