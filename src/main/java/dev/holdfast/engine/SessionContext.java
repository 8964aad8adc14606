package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.StackSettings;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackState;
import java.time.Clock;
import java.time.Instant;

/** The settings and services that every stage of a session over one stack uses. */
final class SessionContext {
    private final EngineContext engine;
    private final StackSettings settings;
    private final StackState state;
    private final SecretHasher hasher;
    private final EventLog events;
    private final StackRef stack;
    private final Clients clients;
    private final DriftCoverage coverage;

    /** The recorders of a stack that outlive a change of its settings. */
    record StackRecorders(EventLog events, DriftCoverage coverage) {}

    SessionContext(
            EngineContext engine,
            StackSettings settings,
            StackState state,
            SecretHasher hasher,
            StackRecorders recorders) {
        this.engine = engine;
        this.settings = settings;
        this.state = state;
        this.hasher = hasher;
        this.events = recorders.events();
        this.coverage = recorders.coverage();
        this.stack = new StackRef(engine.installation(), settings.name(), settings.account(), settings.region());
        this.clients = engine.clients().apply(settings);
    }

    EngineContext engine() {
        return engine;
    }

    StackSettings settings() {
        return settings;
    }

    StackState state() {
        return state;
    }

    SecretHasher hasher() {
        return hasher;
    }

    EventLog events() {
        return events;
    }

    DriftCoverage coverage() {
        return coverage;
    }

    StackRef stack() {
        return stack;
    }

    Clients clients() {
        return clients;
    }

    KindCatalog catalog() {
        return engine.catalog();
    }

    Clock clock() {
        return engine.clock();
    }

    Instant now() {
        return engine.clock().instant();
    }
}
