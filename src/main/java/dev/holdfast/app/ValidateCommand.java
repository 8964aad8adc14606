package dev.holdfast.app;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.GuardedSource;
import dev.holdfast.desired.GuardrailsFile;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.desired.RevisionPolicies;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.Revision;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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
            description = "A directory, or the s3://bucket/prefix of published revisions: checks their signatures too.")
    private List<String> locations = List.of();

    @Option(
            names = "--guardrails",
            paramLabel = "FILE",
            description = "The guardrails to check against, a path or s3://bucket/key. Default: HOLDFAST_GUARDRAILS.")
    private @Nullable String guardrails;

    /** In lower case, as people type them. */
    enum ValidationFormat {
        text,
        json,
        github
    }

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; github shows each problem at its line in a pull request. Default:"
                    + " ${DEFAULT-VALUE}")
    private ValidationFormat output = ValidationFormat.text;

    ValidateCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        GuardrailsState rails = guardrails();
        if (rails instanceof GuardrailsState.UnreadableGuardrails) {
            throw new CommandFailure(rails.words());
        }
        err().flush();
        PrintWriter out = out();
        List<StackValidation> all = new ArrayList<>();
        try {
            for (String location : locations) {
                Map<String, LoadResult> stacks = stacks(location, rails);
                if (stacks.isEmpty()) {
                    throw new CommandFailure("there is no stack in " + location);
                }
                stacks.forEach((name, loaded) -> all.add(validation(location, name, loaded, rails)));
            }
        } finally {
            // The results of earlier locations are printed even if a later location cannot be read.
            print(all, out);
            out.flush();
        }
        return all.stream().allMatch(StackValidation::valid) ? ExitCodes.FINE : ExitCodes.ERROR;
    }

    private void print(List<StackValidation> all, PrintWriter out) {
        switch (output) {
            case text -> ValidationText.text(all, out);
            case json -> {
                if (!all.isEmpty()) {
                    ValidationText.json(all, out);
                }
            }
            case github -> ValidationText.github(all, out);
        }
    }

    private StackValidation validation(String location, String name, LoadResult loaded, GuardrailsState rails) {
        return switch (loaded) {
            case LoadResult.ValidRevision valid -> {
                List<StackValidation.StackFinding> findings = findings(rails, valid.revision());
                yield new StackValidation(
                        location,
                        name,
                        findings.stream().noneMatch(f -> f.action() == PolicyAction.deny),
                        valid.revision().sha256(),
                        valid.revision().resources().size(),
                        List.of(),
                        valid.warnings(),
                        findings,
                        null);
            }
            case LoadResult.RefusedRevision refused -> refused(location, name, refused.problems(), null);
            case LoadResult.UnsettledSource settling -> refused(location, name, List.of(), settling.reason());
            case LoadResult.NoDesiredState absent -> refused(location, name, List.of(), absent.reason());
        };
    }

    private static StackValidation refused(
            String location, String name, List<Problem> problems, @Nullable String reason) {
        return new StackValidation(location, name, false, null, 0, problems, List.of(), List.of(), reason);
    }

    private List<StackValidation.StackFinding> findings(GuardrailsState rails, Revision revision) {
        if (!(rails instanceof GuardrailsState.ActiveGuardrails active)) {
            return List.of();
        }
        List<StackValidation.StackFinding> all = new ArrayList<>();
        RevisionPolicies.check(active.guardrails().policies(), revision, context.catalog())
                .forEach((resource, findings) -> findings.forEach(finding ->
                        all.add(new StackValidation.StackFinding(resource, finding.action(), finding.words()))));
        return all;
    }

    /** The stacks by name. A directory contains a draft, which is signed when it is published. */
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

    /** A person who only checks documents may have no access to the bucket: a message then names the missing check. */
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
