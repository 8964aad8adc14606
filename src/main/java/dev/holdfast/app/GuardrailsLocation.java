package dev.holdfast.app;

import dev.holdfast.desired.GuardrailsFile;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.store.ObjectStore;
import java.util.function.Function;

/** The location of the guardrails: {@code s3://bucket/key}, or a path. */
final class GuardrailsLocation {
    private GuardrailsLocation() {}

    /** @throws CommandFailure if the location names no file */
    static void check(String location) {
        int slash = location.lastIndexOf('/');
        if (location.endsWith("/") || (InstallationConfig.isS3(location) && slash < "s3://".length())) {
            throw new CommandFailure(
                    "HOLDFAST_GUARDRAILS '" + location + "' names no file: set it to s3://bucket/key or a path",
                    ExitCodes.USAGE);
        }
    }

    /**
     * Reads the file for the first time.
     *
     * @param stores opens the folder or prefix of the file
     */
    static GuardrailsFile open(String location, Function<String, ObjectStore> stores, KindCatalog catalog) {
        check(location);
        int slash = location.lastIndexOf('/');
        String key = location.substring(slash + 1);
        String folder = slash < 0 ? "." : slash == 0 ? "/" : location.substring(0, slash);
        GuardrailsFile file = new GuardrailsFile(stores.apply(folder), key, catalog);
        file.refresh();
        return file;
    }
}
