package dev.holdfast.app;

import dev.holdfast.api.RunningEngine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * A test of the application as Quarkus starts it. All of them share one boot, in a test JVM of their own (pom.xml), and its one
 * daemon: each sees to it that the daemon works for its own installation.
 */
@Tag("application")
abstract class ApplicationCase {
    private static @Nullable Object installationOfDaemon;

    @Inject
    CommandContext parts;

    @Inject
    Daemon daemon;

    @Inject
    RunningEngine running;

    @TestHTTPResource
    URI root;

    /** @param open whether changes over HTTP need no token */
    void daemonWorksFor(Object installation, Supplier<Operator> operator, boolean open) {
        if (installation != installationOfDaemon) {
            daemon.stop(new ShutdownEvent());
            daemon.start(operator.get(), AlertSettings.NONE, ChangeEventSettings.OFF, open, event -> {});
            installationOfDaemon = installation;
        }
    }
}
