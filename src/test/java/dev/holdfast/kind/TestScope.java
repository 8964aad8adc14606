package dev.holdfast.kind;

import dev.holdfast.aws.Clients;
import dev.holdfast.model.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** A scope without an engine: every slow facet is due, and no value is remembered. */
public record TestScope<S extends Record>(
        Clients clients,
        StackRef stack,
        List<Wanted<S>> wanted,
        boolean sweep,
        boolean confirming,
        Function<String, Map<String, Map<String, String>>> index)
        implements Scope<S> {
    /** A scope whose tagging API returns nothing. */
    public TestScope(Clients clients, StackRef stack, List<Wanted<S>> wanted, boolean sweep, boolean confirming) {
        this(clients, stack, wanted, sweep, confirming, type -> Map.of());
    }

    @Override
    public Map<String, Map<String, String>> tagged(String resourceType) {
        return index.apply(resourceType);
    }

    @Override
    public <T> T slow(String physicalId, String facet, Supplier<T> read) {
        return read.get();
    }

    @Override
    public <T, R> @Nullable R inTurn(
            String what, Collection<T> items, Function<T, String> id, Function<List<T>, R> read) {
        return confirming || !sweep || items.isEmpty() ? null : read.apply(List.copyOf(items));
    }

    @Override
    public <T> T forever(String physicalId, @Nullable Object version, Supplier<T> read) {
        return read.get();
    }

    @Override
    public <T> T daily(String what, Supplier<T> read) {
        return read.get();
    }

    @Override
    public <T> T shared(String what, Supplier<T> read) {
        return read.get();
    }

    @Override
    public <T> List<Observation<S>> each(Collection<T> items, Function<T, Identity> identify, Builder<T, S> build) {
        List<Observation<S>> found = new ArrayList<>();
        for (T item : items) {
            Identity identity = identify.apply(item);
            try {
                Observation.Known<S> known = build.build(item, identity);
                if (known != null) {
                    found.add(known);
                }
            } catch (SdkException e) {
                Fault fault = new Fault(
                        Fault.Category.UNKNOWN, e.getClass().getSimpleName(), String.valueOf(e.getMessage()), "", null);
                found.add(new Observation.Unknown<>(identity.resource(), identity.physicalId(), fault));
            }
        }
        return found;
    }

    @Override
    public <T, R> List<R> parallel(Collection<T> items, Function<T, R> read) {
        return items.stream().map(read).toList();
    }
}
