package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The work of a service on the resources of one type that takes time. Until it ends, the status of the resource shows
 * it.
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

    /** @param status sets the status of a resource */
    public TimedWork(TwinContext context, ResourceStore<T, B> store, BiConsumer<B, String> status) {
        this.context = context;
        this.store = store;
        this.status = status;
    }

    /** @param on the status until the work ends */
    public void begin(String name, String on, Delay delay) {
        StoredResource<T> resource = store.stored(name);
        resource.attributes().put(WORK, on);
        resource.attributes()
                .put(UNTIL, context.now().plus(context.settings().delay(delay)).toString());
        store.change(name, b -> status.accept(b, on));
    }

    /** The work that has ended since the last call. */
    public List<Ended> ended() {
        List<Ended> ended = new ArrayList<>();
        for (String name : store.ids()) {
            StoredResource<T> resource = store.stored(name);
            String until = resource.attributes().get(UNTIL);
            if (until != null && !context.now().isBefore(Instant.parse(until))) {
                resource.attributes().remove(UNTIL);
                ended.add(new Ended(name, String.valueOf(resource.attributes().remove(WORK)), Instant.parse(until)));
            }
        }
        return ended;
    }
}
