package dev.holdfast.app;

import dev.holdfast.api.RunningEngine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test of the application as Quarkus starts it. All such tests share one boot and its daemon, so that they run one
 * after another. Each test makes the daemon work for its own installation.
 */
@Execution(ExecutionMode.SAME_THREAD)
abstract class ApplicationCase {
    /** The first stacks of a daemon that has just started on a busy machine need longer than all later ones. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

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
