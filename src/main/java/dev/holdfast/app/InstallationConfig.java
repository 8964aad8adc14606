package dev.holdfast.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Where an installation lives: the {@code HOLDFAST_…} variables, or what a command puts in their place.
 *
 * @param desiredState {@code s3://bucket/prefix} or a directory
 * @param state the same, for what the operator writes; never inside the desired state
 * @param stacks those to run; empty: all
 * @param endpoint in place of AWS's own, or null
 * @param token that every change over HTTP has to bear, or null
 */
record InstallationConfig(
        String desiredState,
        String state,
        String installation,
        Set<String> stacks,
        @Nullable URI endpoint,
        @Nullable String token) {
    private static final String STATE_FOLDER = ".holdfast";

    /**
     * @param location in place of {@code HOLDFAST_DESIRED_STATE}, or null
     * @throws CommandFailure if nothing says where the desired state is, or the state lies inside it
     */
    static InstallationConfig read(@Nullable String location) {
        String desired = location != null ? location : get("HOLDFAST_DESIRED_STATE");
        if (desired == null) {
            throw new CommandFailure(
                    "HOLDFAST_DESIRED_STATE is not set: say where the desired state is, s3://bucket/prefix or a"
                            + " directory",
                    ExitCodes.USAGE);
        }
        String name = get("HOLDFAST_INSTALLATION");
        String state = get("HOLDFAST_STATE");
        String stacks = get("HOLDFAST_STACKS");
        String endpoint = get("AWS_ENDPOINT_URL");
        InstallationConfig environment = new InstallationConfig(
                desired,
                state != null ? state : defaultState(desired),
                name != null ? name : defaultName(desired),
                stacks == null
                        ? Set.of()
                        : Arrays.stream(stacks.split(",", -1))
                                .map(String::trim)
                                .filter(s -> !s.isEmpty())
                                .collect(Collectors.toSet()),
                endpoint == null ? null : URI.create(endpoint),
                get("HOLDFAST_API_TOKEN"));
        environment.check();
        return environment;
    }

    private static @Nullable String get(String name) {
        Config config = ConfigProvider.getConfig();
        return config.getOptionalValue(name, String.class)
                .filter(v -> !v.isBlank())
                .orElse(null);
    }

    static boolean isS3(String location) {
        return location.startsWith("s3://");
    }

    private static String bucket(String location) {
        String rest = location.substring("s3://".length());
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private static String defaultState(String desired) {
        return isS3(desired) ? "s3://" + bucket(desired) + "/" + STATE_FOLDER + "/" : STATE_FOLDER;
    }

    private static String defaultName(String desired) {
        if (isS3(desired)) {
            return bucket(desired);
        }
        Path folder = Path.of(desired).toAbsolutePath().normalize().getFileName();
        return folder == null ? "holdfast" : folder.toString();
    }

    /** What is synced from elsewhere may be deleted from elsewhere: the state must not lie in it. */
    private void check() {
        boolean inside = isS3(desiredState)
                ? stateLiesInside() && !bucketOnly(desiredState)
                : !isS3(state)
                        && Path.of(state)
                                .toAbsolutePath()
                                .normalize()
                                .startsWith(
                                        Path.of(desiredState).toAbsolutePath().normalize());
        if (inside) {
            throw new CommandFailure("HOLDFAST_STATE " + state + " lies inside the desired state " + desiredState
                    + ": what syncs one would delete the other. Choose a place beside it.");
        }
    }

    /** Whether what the operator writes lies under the desired state, as it may where revisions are published to a whole bucket. */
    boolean stateLiesInside() {
        return isS3(desiredState) && isS3(state) && slashed(state).startsWith(slashed(desiredState));
    }

    /** A whole bucket holds both, apart by prefix: revisions under stacks/, the state under .holdfast/. */
    private static boolean bucketOnly(String location) {
        return slashed(location).equals("s3://" + bucket(location) + "/");
    }

    private static String slashed(String location) {
        return location.endsWith("/") ? location : location + "/";
    }
}
