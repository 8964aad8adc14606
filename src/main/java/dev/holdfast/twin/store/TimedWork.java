package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The work of a service on the resources of one type that takes time. Until it ends, the status of the resource shows
 * it. The reads of this class first end the work that is over.
 */
public final class TimedWork<T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>> {
    /** The attributes of a stored resource that name the work and the time of its end. */
    private static final String WORK = "work";

    private static final String UNTIL = "until";

    /** Work that has ended. */
    public record Ended(String name, String on, Instant at) {}

    private final TwinContext context;
    private final ResourceStore<T, B> store;
    private final BiConsumer<B, String> status;
    private final Consumer<Ended> end;

    /**
     * @param status sets the status of a resource
     * @param end changes a resource whose work has ended
     */
    public TimedWork(
            TwinContext context, ResourceStore<T, B> store, BiConsumer<B, String> status, Consumer<Ended> end) {
        this.context = context;
        this.store = store;
        this.status = status;
        this.end = end;
    }

    /** @param on the status until the work ends */
    public void begin(String name, String on, Delay delay) {
        StoredResource<T> resource = store.stored(name);
        resource.attributes().put(WORK, on);
        resource.attributes()
                .put(UNTIL, context.now().plus(context.settings().delay(delay)).toString());
        store.change(name, b -> status.accept(b, on));
    }

    /** Begins work, and ends it at once if it takes no time. */
    public void run(String name, String on, Delay delay) {
        begin(name, on, delay);
        settle();
    }

    /** Ends the work that is over by now. */
    public void settle() {
        store.ids().stream()
                .map(this::ended)
                .flatMap(Stream::ofNullable)
                .toList()
                .forEach(end);
    }

    private @Nullable Ended ended(String name) {
        StoredResource<T> resource = store.stored(name);
        String until = resource.attributes().get(UNTIL);
        if (until == null || context.now().isBefore(Instant.parse(until))) {
            return null;
        }
        resource.attributes().remove(UNTIL);
        return new Ended(name, String.valueOf(resource.attributes().remove(WORK)), Instant.parse(until));
    }

    /** The resource that callers see under this name, in any case. */
    public StoredResource<T> seen(@Nullable String name) {
        settle();
        return store.seen(Identifiers.lower(name));
    }

    public Stream<T> stream() {
        settle();
        return store.stream();
    }

    public List<TwinItem> items() {
        settle();
        return store.items();
    }
}
