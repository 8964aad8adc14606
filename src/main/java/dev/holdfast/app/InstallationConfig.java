package dev.holdfast.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an installation: the {@code HOLDFAST_…} variables, or the values that a command uses instead.
 *
 * @param desiredState {@code s3://bucket/prefix} or a directory
 * @param state where the operator stores its data, in the same form; never inside the desired state
 * @param stacks the stacks to run; empty: all
 * @param endpoint replaces AWS's endpoints, or null
 * @param token the token that every request over HTTP needs, or null
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
     * @param location replaces {@code HOLDFAST_DESIRED_STATE}; null: the variable counts
     * @throws CommandFailure if the location of the desired state is not configured, or the state lies inside it
     */
    static InstallationConfig read(@Nullable String location) {
        return read(location, location);
    }

    /**
     * The configuration for a plan of a directory that is published to the daemon's bucket later. The state and the
     * name are those of the daemon.
     */
    static InstallationConfig readForPlan(String location) {
        String daemon = get("HOLDFAST_DESIRED_STATE");
        return read(location, daemon != null && isS3(daemon) ? daemon : location);
    }

    /**
     * The configuration for the publication of a directory. The state and the name are those of the daemon that reads
     * the location.
     */
    static InstallationConfig readForPublishing(String directory, String to) {
        return read(directory, to);
    }

    /**
     * @param daemon the location from which the daemon reads the desired state, which determines the defaults; null:
     *     the variable counts
     */
    private static InstallationConfig read(@Nullable String location, @Nullable String daemon) {
        String desired = location != null ? location : get("HOLDFAST_DESIRED_STATE");
        if (desired == null) {
            throw new CommandFailure(
                    "HOLDFAST_DESIRED_STATE is not set: set it to s3://bucket/prefix or a directory", ExitCodes.USAGE);
        }
        String name = get("HOLDFAST_INSTALLATION");
        String state = get("HOLDFAST_STATE");
        String stacks = get("HOLDFAST_STACKS");
        InstallationConfig environment = new InstallationConfig(
                desired,
                state != null ? state : defaultState(daemon != null ? daemon : desired),
                name != null ? name : defaultName(daemon != null ? daemon : desired),
                stacks == null
                        ? Set.of()
                        : Arrays.stream(stacks.split(",", -1))
                                .map(String::trim)
                                .filter(s -> !s.isEmpty())
                                .collect(Collectors.toSet()),
                endpointOfAws(),
                get("HOLDFAST_API_TOKEN"));
        environment.check();
        return environment;
    }

    /** The endpoint that replaces AWS's endpoints, or null. */
    static @Nullable URI endpointOfAws() {
        String endpoint = get("AWS_ENDPOINT_URL");
        return endpoint == null ? null : endpoint(endpoint);
    }

    /** The state that the environment names, or the default one of the published desired state that it names; or null. */
    static @Nullable String namedState() {
        String state = get("HOLDFAST_STATE");
        String desired = get("HOLDFAST_DESIRED_STATE");
        return state != null || desired == null || !isS3(desired) ? state : defaultState(desired);
    }

    /** The desired state that the environment names, or null. */
    static @Nullable String namedDesiredState() {
        return get("HOLDFAST_DESIRED_STATE");
    }

    /** The location of the guardrails, {@code s3://bucket/key} or a path; null if there are none. */
    static @Nullable String guardrails() {
        return get("HOLDFAST_GUARDRAILS");
    }

    /** Whether the location lies where the desired state is published. */
    boolean isInDesiredState(String location) {
        return isS3(location)
                ? isS3(desiredState) && location.startsWith(slashed(desiredState))
                : !isS3(desiredState)
                        && Path.of(location)
                                .toAbsolutePath()
                                .normalize()
                                .startsWith(
                                        Path.of(desiredState).toAbsolutePath().normalize());
    }

    static URI endpoint(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // The message below covers this case too.
        }
        throw new CommandFailure(
                "AWS_ENDPOINT_URL must be http://HOST:PORT or https://…; found '" + text + "'", ExitCodes.USAGE);
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

    /** Whether the installation has the name that the location of the desired state implies. */
    boolean hasDefaultName() {
        return installation.equals(defaultName(desiredState));
    }

    private static String defaultName(String desired) {
        if (isS3(desired)) {
            return bucket(desired);
        }
        Path folder = Path.of(desired).toAbsolutePath().normalize().getFileName();
        return folder == null ? "holdfast" : folder.toString();
    }

    /** The state must not lie in a synced location, because the sync may delete it. */
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
                    + ": a sync of the desired state would delete it. Choose a location outside it.");
        }
    }

    /** Whether the state lies under the desired state. That is allowed if revisions are published to a whole bucket. */
    boolean stateLiesInside() {
        return isS3(desiredState) && isS3(state) && slashed(state).startsWith(slashed(desiredState));
    }

    /** A whole bucket may contain both under separate prefixes: revisions under stacks/, the state under .holdfast/. */
    private static boolean bucketOnly(String location) {
        return slashed(location).equals("s3://" + bucket(location) + "/");
    }

    private static String slashed(String location) {
        return location.endsWith("/") ? location : location + "/";
    }
}
