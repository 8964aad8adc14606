package dev.holdfast.kind;

import dev.holdfast.kind.wire.Wire;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/**
 * How a service tells the tags of its resources, and how it changes them: one for all kinds of the service.
 *
 * @param reading how tags are read
 * @param put adds tags to the resource, or changes their values
 * @param remove takes tags off the resource by their keys; null: {@code put} replaces the whole set
 * @param sent puts the tags into the creating request; null: as its member {@code tags}
 * @param target the output that tagging calls take in place of the physical id; null: the physical id
 */
public record Tagging<C extends SdkClient>(
        Reading<C> reading,
        Put<C> put,
        @Nullable Remove<C> remove,
        @Nullable BiConsumer<SdkPojo, Map<String, String>> sent,
        @Nullable String target) {

    /** Adds tags to the resource of that id or ARN. */
    @FunctionalInterface
    public interface Put<C> {
        void put(C client, String target, Map<String, String> tags);
    }

    /** Takes tags off the resource of that id or ARN. */
    @FunctionalInterface
    public interface Remove<C> {
        void remove(C client, String target, Set<String> keys);
    }

    /** How tags are read. */
    public sealed interface Reading<C> {
        /** They are in what the list gives: its member {@code tags}, or {@code tagList}. */
        record Inline<C>() implements Reading<C> {}

        /** One call gives those of several resources, by ARN; those that the tagging API shows as desired need none. */
        record Batched<C>(
                int size,
                @Nullable String resourceType,
                BiFunction<C, List<String>, Map<String, Map<String, String>>> read)
                implements Reading<C> {}

        /** The tagging API has them; it lags, so that the service has the last word. */
        record Indexed<C>(
                String resourceType, BiFunction<C, String, Map<String, String>> read, Function<String, String> id)
                implements Reading<C> {}

        /** The kind has no tags: the text of the component with {@link Marker} says whose a resource is. */
        record Marked<C>() implements Reading<C> {}

        /** The kind has no tags: a parent or a record says whose a resource is. */
        record None<C>() implements Reading<C> {}
    }

    public static <C extends SdkClient> Tagging<C> inline(Put<C> put, Remove<C> remove) {
        return new Tagging<>(new Reading.Inline<>(), put, remove, null, null);
    }

    /**
     * @param size how many resources one call takes
     * @param resourceType as the tagging API calls it, {@code elasticloadbalancing:targetgroup}; null: always asks the service
     * @param read all tags of the resources of some ARNs
     */
    public static <C extends SdkClient> Tagging<C> batched(
            int size,
            @Nullable String resourceType,
            BiFunction<C, List<String>, Map<String, Map<String, String>>> read,
            Put<C> put,
            Remove<C> remove) {
        return new Tagging<>(new Reading.Batched<>(size, resourceType, read), put, remove, null, null);
    }

    /**
     * @param resourceType as the tagging API calls it, {@code logs:log-group}
     * @param read all tags of the resource of an ARN
     * @param id the physical id in such an ARN
     */
    public static <C extends SdkClient> Tagging<C> indexed(
            String resourceType,
            BiFunction<C, String, Map<String, String>> read,
            Function<String, String> id,
            Put<C> put,
            Remove<C> remove) {
        return new Tagging<>(new Reading.Indexed<>(resourceType, read, id), put, remove, null, null);
    }

    /**
     * The same for a service that takes only the whole set: it is read again before it is put, so that what somebody else put on
     * meanwhile stays.
     */
    public static <C extends SdkClient> Tagging<C> replaced(
            String resourceType,
            BiFunction<C, String, Map<String, String>> read,
            Function<String, String> id,
            Put<C> put) {
        return new Tagging<>(new Reading.Indexed<>(resourceType, read, id), put, null, null, null);
    }

    static <C extends SdkClient> Tagging<C> none() {
        return untagged(new Reading.None<>());
    }

    static <C extends SdkClient> Tagging<C> marked() {
        return untagged(new Reading.Marked<>());
    }

    private static <C extends SdkClient> Tagging<C> untagged(Reading<C> reading) {
        return new Tagging<>(reading, (c, t, tags) -> {}, (c, t, keys) -> {}, null, null);
    }

    /** Puts the tags into the creating request. */
    void send(SdkPojo request, Map<?, ?> tags) {
        Map<String, String> texts = new TreeMap<>();
        tags.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        if (sent == null) {
            Wire.tag(request, texts);
        } else {
            sent.accept(request, texts);
        }
    }

    /** Sends what a change says of the tags: adds and alters, then removes. */
    public void update(C client, Change<? extends Record> change) {
        String resource = target == null
                ? change.physicalId()
                : String.valueOf(change.observed().known().outputs().get(target));
        Map<String, String> added = change.tagsToPut(DeclaredKind::tags);
        Set<String> stale = change.tagsToRemove(DeclaredKind::tags);
        if (remove == null && reading instanceof Reading.Indexed<C> index && !(added.isEmpty() && stale.isEmpty())) {
            Map<String, String> all = new TreeMap<>(index.read().apply(client, resource));
            all.putAll(added);
            all.keySet().removeAll(stale);
            put.put(client, resource, all);
            return;
        }
        if (!added.isEmpty()) {
            put.put(client, resource, added);
        }
        if (remove != null && !stale.isEmpty()) {
            remove.remove(client, resource, stale);
        }
    }

    /** The tags go into the creating request in another form than its member {@code tags}. */
    public Tagging<C> sentAs(BiConsumer<SdkPojo, Map<String, String>> form) {
        return new Tagging<>(reading, put, remove, form, target);
    }

    /** Tagging calls take the value of an output, mostly {@code arn}, in place of the physical id. */
    public Tagging<C> on(String output) {
        return new Tagging<>(reading, put, remove, sent, output);
    }
}
