package dev.holdfast.app;

import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Revision;
import jakarta.inject.Singleton;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Functions that several commands share. */
@Singleton
public final class CommandContext {
    private final KindCatalog catalog;

    public CommandContext(KindCatalog catalog) {
        this.catalog = catalog;
    }

    KindCatalog catalog() {
        return catalog;
    }

    /** @param location replaces {@code HOLDFAST_DESIRED_STATE}; null: the variable counts */
    Operator operator(@Nullable String location) {
        return new Operator(
                InstallationConfig.read(location),
                catalog,
                DefaultCredentialsProvider.builder().build());
    }

    Map<String, LoadResult> compile(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure("there is no directory " + directory);
        }
        return new DesiredCompiler(catalog).compile(directory);
    }

    /** @throws CommandFailure if the stack does not validate; its problems are printed first */
    Revision revision(Path directory, String stack, PrintWriter err) {
        Map<String, LoadResult> stacks = compile(directory);
        if (!stacks.containsKey(stack)) {
            throw new CommandFailure("there is no stack " + stack + " in " + directory + ": "
                    + (stacks.isEmpty()
                            ? "no document there has the kind Stack"
                            : "the stacks are " + stacks.keySet()));
        }
        return valid(stacks.get(stack), stack, directory.toString(), err);
    }

    static Revision valid(@Nullable LoadResult loaded, String stack, String where, PrintWriter err) {
        return switch (loaded) {
            case null -> throw new CommandFailure("there is no stack " + stack + " in " + where);
            case LoadResult.ValidRevision valid -> valid.revision();
            case LoadResult.RefusedRevision refused -> {
                print(refused.problems(), err);
                throw new CommandFailure("stack " + stack + " does not validate: "
                        + refused.problems().size() + " problems");
            }
            case LoadResult.UnsettledSource settling ->
                throw new CommandFailure("stack " + stack + ": " + settling.reason());
            case LoadResult.NoDesiredState absent ->
                throw new CommandFailure("stack " + stack + ": " + absent.reason());
        };
    }

    static void print(List<Problem> problems, PrintWriter to) {
        problems.forEach(to::println);
        to.flush();
    }
}
