package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import java.net.URI;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The way in which a command reaches an installation: over HTTP to a running daemon, or through the state. */
final class InstallationAccess {
    static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "URL of the daemon. Default: HOLDFAST_SERVER; else, unless HOLDFAST_API_TOKEN is set, the state that"
                            + " HOLDFAST_STATE or HOLDFAST_DESIRED_STATE names; else " + DEFAULT_SERVER + ".")
    private @Nullable String server;

    @Option(
            names = "--state",
            paramLabel = "LOCATION",
            description = "The daemon's HOLDFAST_STATE (s3://bucket/prefix, or a directory): reads the data there, or"
                    + " stores the request there, with your AWS credentials. The daemon need not be reachable.")
    private @Nullable String state;

    @Option(names = "--stack", description = "The name of the stack. Needed if there are several stacks.")
    private @Nullable String stack;

    /** The location of the state; null if the installation is reached over HTTP. */
    @Nullable
    String state() {
        if (state != null && server != null) {
            throw new CommandFailure("--server and --state are two ways to one installation: name one of them", USAGE);
        }
        if (state != null || server != null || variable("HOLDFAST_SERVER") != null) {
            return state;
        }
        return variable("HOLDFAST_API_TOKEN") != null ? null : InstallationConfig.namedState();
    }

    DaemonHttp daemon() {
        String url = server != null ? server : variable("HOLDFAST_SERVER");
        return DaemonHttp.at(url == null ? DEFAULT_SERVER : url);
    }

    /** The stack that the user named, or null. */
    @Nullable
    String stack() {
        return stack;
    }

    /** Reads the installation in the way that the options choose. */
    StackInspector inspector() {
        String location = state();
        return location == null ? new ServerInspector(daemon()) : new StateInspector(location);
    }

    private static @Nullable String variable(String name) {
        return ConfigProvider.getConfig()
                .getOptionalValue(name, String.class)
                .filter(value -> !value.isBlank())
                .orElse(null);
    }

    static URI url(String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && String.valueOf(url.getScheme()).startsWith("http")) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The message below covers this case too.
        }
        throw new CommandFailure("--server must be a URL such as " + DEFAULT_SERVER + "; found '" + text + "'", USAGE);
    }
}
