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
 * How a service returns and changes the tags of its resources. All kinds of the service share one instance.
 *
 * @param reading how tags are read
 * @param put adds tags to the resource, or changes their values
 * @param remove removes tags from the resource by their keys; null: {@code put} replaces the whole set
 * @param sent writes the tags into the creating request; null: into its member {@code tags}
 * @param target the output that tagging calls use instead of the physical id; null: the physical id
 */
public record Tagging<C extends SdkClient>(
        Reading<C> reading,
        Put<C> put,
        @Nullable Remove<C> remove,
        @Nullable BiConsumer<SdkPojo, Map<String, String>> sent,
        @Nullable String target) {

    /** Adds tags to the resource with that id or ARN. */
    @FunctionalInterface
    public interface Put<C> {
        void put(C client, String target, Map<String, String> tags);
    }

    /** Removes tags from the resource with that id or ARN. */
    @FunctionalInterface
    public interface Remove<C> {
        void remove(C client, String target, Set<String> keys);
    }

    /** How tags are read. */
    public sealed interface Reading<C> {
        /** The list returns the tags, in the member {@code tags} or {@code tagList}. */
        record Inline<C>() implements Reading<C> {}

        /**
         * One call returns the tags of several resources, by ARN. Resources that have the desired tags in the tagging
         * API need no call.
         */
        record Batched<C>(
                int size,
                @Nullable String resourceType,
                BiFunction<C, List<String>, Map<String, Map<String, String>>> read)
                implements Reading<C> {}

        /**
         * The tagging API returns the tags. Because it lags, other tags than the desired ones are read from the
         * service.
         */
        record Indexed<C>(
                String resourceType, BiFunction<C, String, Map<String, String>> read, Function<String, String> id)
                implements Reading<C> {}

        /** The kind has no tags: the component with {@link Marker} contains the ownership. */
        record Marked<C>() implements Reading<C> {}

        /** The kind has no tags: a parent or a record defines the ownership. */
        record None<C>() implements Reading<C> {}
    }

    public static <C extends SdkClient> Tagging<C> inline(Put<C> put, Remove<C> remove) {
        return new Tagging<>(new Reading.Inline<>(), put, remove, null, null);
    }

    /**
     * @param size the number of resources that one call accepts
     * @param resourceType the name in the tagging API, {@code elasticloadbalancing:targetgroup}; null: always reads
     *     from the service
     * @param read reads all tags of the resources with these ARNs
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
     * @param resourceType the name in the tagging API, {@code logs:log-group}
     * @param read reads all tags of the resource with this ARN
     * @param id extracts the physical id from the ARN
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
     * Like {@link #indexed}, for a service that accepts only the whole set of tags. The set is read again before it is
     * written, so that tags that others added meanwhile stay.
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

    /** Writes the tags into the creating request. */
    void send(SdkPojo request, Map<?, ?> tags) {
        Map<String, String> texts = new TreeMap<>();
        tags.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        if (sent == null) {
            Wire.tag(request, texts);
        } else {
            sent.accept(request, texts);
        }
    }

    /** Sends the tag changes of a change: first the added and altered tags, then the removed tags. */
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

    /** Writes the tags into the creating request in another form than the member {@code tags}. */
    public Tagging<C> sentAs(BiConsumer<SdkPojo, Map<String, String>> form) {
        return new Tagging<>(reading, put, remove, form, target);
    }

    /** Tagging calls use the value of an output, usually {@code arn}, instead of the physical id. */
    public Tagging<C> on(String output) {
        return new Tagging<>(reading, put, remove, sent, output);
    }
}
