package dev.holdfast.api;

import dev.holdfast.desired.DesiredSource;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StackReconciler;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine of this process, as soon as a command has started one. */
@Singleton
public final class RunningEngine {
    private volatile @Nullable Engine engine;
    private volatile @Nullable String token;
    private volatile boolean open;

    /**
     * @param apiToken the token that every request needs; null if no request is answered
     * @param withoutToken whether requests from this machine need no token (the demo)
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

    /** Whether the engine has listed the stacks of the desired state since it started. */
    boolean isStarted() {
        Engine now = engine;
        return now != null && now.started();
    }

    /** Why the desired state, or that of one stack, cannot be read; or null. */
    @Nullable
    String sourceFailure() {
        Engine now = engine;
        return now == null ? "no engine was started" : now.sourceFailure();
    }

    /**
     * The source of the desired state.
     *
     * @throws ApiException if no engine runs
     */
    DesiredSource source() {
        Engine now = engine;
        if (now == null) {
            throw new ApiException(503, "the operator is starting");
        }
        return now.source();
    }

    /** @throws ApiException if there is no such stack */
    StackReconciler find(String stack) {
        StackReconciler found = stacks().get(stack);
        if (found == null) {
            throw new ApiException(
                    404,
                    "there is no stack " + stack + "; "
                            + (stacks().isEmpty()
                                    ? "the operator has no stacks"
                                    : "the stacks are " + stacks().keySet()));
        }
        return found;
    }
}
