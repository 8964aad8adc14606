package dev.holdfast.api;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StackReconciler;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine of this process, once a command has started one. */
@Singleton
public final class RunningEngine {
    private volatile @Nullable Engine engine;
    private volatile @Nullable String token;
    private volatile boolean open;

    /**
     * @param apiToken that every POST has to bear, or null
     * @param withoutToken POSTs need none (the demo)
     */
    public void started(Engine running, @Nullable String apiToken, boolean withoutToken) {
        token = apiToken;
        open = withoutToken;
        engine = running;
    }

    public @Nullable Engine engine() {
        return engine;
    }

    @Nullable
    String token() {
        return token;
    }

    boolean open() {
        return open;
    }

    Map<String, StackReconciler> stacks() {
        Engine running = engine;
        return running == null ? Map.of() : running.stacks();
    }
}
