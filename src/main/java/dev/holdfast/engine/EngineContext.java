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
 * What the sessions over all stacks have in common.
 *
 * @param version of this operator: a change of it holds the first plan that is not empty
 * @param clients of a stack's account, region and role
 * @param store of the operator's own state
 * @param events told of every event
 * @param traces told of every pass
 * @param guardrails as they are now
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
    /** That nobody traces, without guardrails. */
    public EngineContext(
            String installation,
            String version,
            KindCatalog catalog,
            Function<StackSettings, Clients> clients,
            AccountCheck accountCheck,
            ObjectStore store,
            Fork fork,
            Clock clock,
            RandomGenerator random,
            Consumer<Event> events) {
        this(
                installation,
                version,
                catalog,
                clients,
                accountCheck,
                store,
                fork,
                clock,
                random,
                events,
                Traces.NONE,
                () -> GuardrailsState.NONE);
    }

    /** The same with threads of its own: a stack whose calls do not come back takes none from another stack. */
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
