package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/** What a service does with the resources of one type for a while: the status of each says it until the time is over. */
public final class TimedWork<T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>> {
    /** Attributes of a stored resource: what the service does, until when. */
    private static final String WORK = "work";

    private static final String UNTIL = "until";

    /** Work that is over. */
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

    /** @param on the status until then */
    public void begin(String name, String on, Delay delay) {
        StoredResource<T> resource = store.stored(name);
        resource.attributes().put(WORK, on);
        resource.attributes()
                .put(UNTIL, context.now().plus(context.settings().delay(delay)).toString());
        store.change(name, b -> status.accept(b, on));
    }

    /** What is over by now, each once. */
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
