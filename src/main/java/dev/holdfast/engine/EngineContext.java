package dev.holdfast.engine;

import dev.holdfast.aws.AccountCheck;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Fork;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Event;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.StackSettings;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The settings and services that the sessions of all stacks share.
 *
 * @param version of this operator: a change of it holds the first plan that is not empty
 * @param clients returns the clients for a stack's account, region and role
 * @param store of the operator's own state
 * @param events receives every event
 * @param traces receives every pass
 * @param guardrails returns the guardrails that apply now
 */
public record EngineContext(
        String installation,
        String version,
        KindCatalog catalog,
        Function<StackSettings, Clients> clients,
        AccountCheck accountCheck,
        ObjectStore store,
        Fork fork,
        Clock clock,
        RandomGenerator random,
        Consumer<Event> events,
        Traces traces,
        Supplier<GuardrailsState> guardrails) {
    /**
     * The same context with its own threads, so that a stack whose calls do not return uses no threads of another
     * stack.
     */
    EngineContext forOneStack() {
        return new EngineContext(
                installation,
                version,
                catalog,
                clients,
                accountCheck,
                store,
                fork.another(),
                clock,
                random,
                events,
                traces,
                guardrails);
    }
}
