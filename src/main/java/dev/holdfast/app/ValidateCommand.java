package dev.holdfast.app;

import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.GuardedSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.RevisionPolicies;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.SafeText;
import dev.holdfast.store.ObjectStores;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
            description = "The guardrails to check against. Default: HOLDFAST_GUARDRAILS, if it is a path.")
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
                source.stacks().forEach(name -> stacks.put(name, GuardedSource.guarded(source.read(name), rails)));
            }
        } else {
            context.compile(Path.of(location))
                    .forEach((name, loaded) -> stacks.put(name, GuardedSource.guarded(loaded, rails.ofDrafts())));
        }
        return stacks;
    }

    private GuardrailsState guardrails() {
        String location = guardrails != null ? guardrails : InstallationConfig.guardrails();
        if (location == null || InstallationConfig.isS3(location)) {
            err().println(
                            location == null
                                    ? GuardrailsState.NONE.words()
                                    : "the guardrails of " + location
                                            + " are not checked for directories: pass a copy as --guardrails FILE");
            return GuardrailsState.NONE;
        }
        GuardrailsState state = GuardrailsLocation.open(
                        location,
                        folder -> ObjectStores.open(folder, () -> {
                            throw new IllegalStateException("no path leads to S3");
                        }),
                        context.catalog(),
                        Clock.systemUTC())
                .get();
        err().println(state.words());
        return state;
    }
}
