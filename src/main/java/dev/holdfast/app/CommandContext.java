package dev.holdfast.app;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.RateLimits;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.DirectorySource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Revision;
import dev.holdfast.model.SafeText;
import jakarta.inject.Singleton;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Functions that several commands share. */
@Singleton
public final class CommandContext {
    private static final Pattern STACK_NAME = Pattern.compile("[A-Za-z0-9-]+");

    private final KindCatalog catalog;
    private volatile @Nullable Terminal terminal = ofProcess();

    public CommandContext(KindCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The terminal on which a person sees the answer and can be asked; null if there is none, as in a pipe or a CI job.
     */
    @Nullable
    Terminal terminal() {
        return terminal;
    }

    /** Replaces the terminal of the process, for tests. */
    void terminal(@Nullable Terminal other) {
        terminal = other;
    }

    private static @Nullable Terminal ofProcess() {
        Console console = System.console();
        return console != null && console.isTerminal()
                ? question -> console.readLine("%s ", SafeText.line(question))
                : null;
    }

    /** A terminal on which a person can be asked. */
    @FunctionalInterface
    interface Terminal {
        /** @return the line that the person typed; null: the person closed the terminal */
        @Nullable
        String ask(String question);
    }

    /** @throws CommandFailure if no stack can have this name */
    static void checkStack(String stack) {
        if (!STACK_NAME.matcher(stack).matches()) {
            throw new CommandFailure(
                    "--stack '" + stack + "' is not the name of a stack: a name has letters, digits and hyphens",
                    ExitCodes.USAGE);
        }
    }

    KindCatalog catalog() {
        return catalog;
    }

    /** Clients with the credentials of the person who runs the command. */
    static ClientFactory clients() {
        return new ClientFactory(ClientFactory.Config.of(
                        InstallationConfig.endpointOfAws(),
                        DefaultCredentialsProvider.builder().build(),
                        "command",
                        RateLimits.ofAws())
                .forState());
    }

    /** @param location replaces {@code HOLDFAST_DESIRED_STATE}; null: the variable counts */
    Operator operator(@Nullable String location) {
        return new Operator(
                InstallationConfig.read(location),
                catalog,
                DefaultCredentialsProvider.builder().build());
    }

    /** An operator for plans. A directory contains a draft, which is signed when it is published. */
    Operator planningOperator(String location) {
        return new Operator(
                InstallationConfig.readForPlan(location),
                catalog,
                DefaultCredentialsProvider.builder().build(),
                InstallationConfig.isS3(location) ? UnaryOperator.identity() : GuardrailsState::ofDrafts);
    }

    /**
     * An operator for publications. A revision that is not published yet is a draft, which is signed when it is
     * published.
     */
    Operator publishingOperator(InstallationConfig config) {
        return new Operator(
                config, catalog, DefaultCredentialsProvider.builder().build(), GuardrailsState::ofDrafts);
    }

    Map<String, LoadResult> compile(Path directory) {
        checkDirectory(directory);
        return new DesiredCompiler(catalog).compile(directory);
    }

    static void checkDirectory(Path directory) {
        if (!Files.exists(directory)) {
            throw new CommandFailure("there is no directory " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(directory + " is a file, not a directory");
        }
    }

    /** @throws CommandFailure if the stack does not validate; its problems are printed first */
    Revision revision(Path directory, String stack, PrintWriter err) {
        checkDirectory(directory);
        return revision(new DirectorySource(directory, catalog), stack, err);
    }

    /** @throws CommandFailure if there is no such stack, or it does not validate; its problems are printed first */
    static Revision revision(DesiredSource source, String stack, PrintWriter err) {
        checkStack(stack);
        LoadResult loaded = source.read(stack);
        if (loaded instanceof LoadResult.NoDesiredState absent) {
            List<String> stacks = source.stacks();
            throw new CommandFailure(
                    stacks.contains(stack) || stacks.isEmpty()
                            ? "there is no stack " + stack + ": " + absent.reason()
                            : "there is no stack " + stack + " at " + source.location() + ": the stacks there are "
                                    + String.join(", ", stacks));
        }
        return valid(loaded, stack, err);
    }

    private static Revision valid(LoadResult loaded, String stack, PrintWriter err) {
        return switch (loaded) {
            case LoadResult.ValidRevision valid -> {
                warn(valid.warnings(), err);
                yield valid.revision();
            }
            case LoadResult.RefusedRevision refused -> {
                print(refused.problems(), err);
                int problems = refused.problems().size();
                throw new CommandFailure("the stack " + stack + " does not validate: " + problems
                        + (problems == 1 ? " problem, shown above" : " problems, shown above"));
            }
            case LoadResult.UnsettledSource settling ->
                throw new CommandFailure("stack " + stack + ": " + settling.reason());
            case LoadResult.NoDesiredState absent ->
                throw new CommandFailure("stack " + stack + ": " + absent.reason());
        };
    }

    static void warn(List<Problem> warnings, PrintWriter to) {
        warnings.forEach(warning -> to.println("warning: " + warning));
        to.flush();
    }

    static void print(List<Problem> problems, PrintWriter to) {
        problems.forEach(to::println);
        to.flush();
    }
}
