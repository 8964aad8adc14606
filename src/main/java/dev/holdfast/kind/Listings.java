package dev.holdfast.kind;

import dev.holdfast.aws.PartialAnswerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/** Ways to find resources that several services share. */
public final class Listings {
    private Listings() {}

    /**
     * The id or name of an item of an answer. An item without it makes the whole answer unreliable: another resource
     * must not count as deleted because of it.
     *
     * @param what the item and the missing text, in words: {@code a Vpc without its id}
     * @throws PartialAnswerException if the text is null
     */
    public static String required(@Nullable String text, String what) {
        if (text == null) {
            throw new PartialAnswerException("has " + what);
        }
        return text;
    }

    /** All items of a list that is read page by page. */
    public static <T> List<T> all(Iterable<T> pages) {
        List<T> all = new ArrayList<>();
        pages.forEach(all::add);
        return all;
    }

    /**
     * Reads a list page by page, for operations that have no paginator in the SDK.
     *
     * @param page reads a page by its marker; null: the first page
     * @param next the marker of the following page; null or empty: the page is the last one
     */
    public static <P, T> List<T> pages(
            Function<@Nullable String, P> page,
            Function<P, ? extends Collection<T>> items,
            Function<P, @Nullable String> next) {
        List<T> all = new ArrayList<>();
        String marker = null;
        do {
            P one = page.apply(marker);
            all.addAll(items.apply(one));
            marker = next.apply(one);
        } while (marker != null && !marker.isEmpty());
        return all;
    }

    /** The recorded ids of the wanted resources. */
    public static Set<String> ids(Scope<?> scope) {
        return texts(scope.wanted().stream().map(Wanted::physicalId));
    }

    /** The distinct keys for a read by id or name: the recorded id of each wanted resource, or else its name. */
    public static Set<String> idsElseNames(Scope<?> scope) {
        return texts(scope.wanted().stream().map(w -> w.physicalId() == null ? w.physicalName() : w.physicalId()));
    }

    /** The names in AWS of the wanted resources. */
    public static Set<String> names(Scope<?> scope) {
        return texts(scope.wanted().stream().map(Wanted::physicalName));
    }

    /** The recorded ids and the names of the wanted resources, for kinds whose name is their id. */
    public static Set<String> idsAndNames(Scope<?> scope) {
        Set<String> all = new TreeSet<>(ids(scope));
        all.addAll(names(scope));
        return all;
    }

    private static Set<String> texts(Stream<String> texts) {
        Set<String> known = new TreeSet<>();
        texts.filter(Objects::nonNull).filter(text -> !Unresolved.is(text)).forEach(known::add);
        return known;
    }

    /**
     * The parents whose children have to be listed: the parents of recorded and of desired children. If a child has
     * neither a recorded nor a desired parent, and in a sweep, {@code more} adds parents.
     *
     * @param desired reads the component that refers to the parent
     * @param recorded finds the parent of a child by the child's id
     * @param more finds other parents that may have children of this stack
     */
    public static <S extends Record> Set<String> parents(
            Scope<?> scope,
            Class<S> spec,
            Function<S, @Nullable String> desired,
            Function<String, String> recorded,
            Supplier<? extends Collection<String>> more) {
        Set<String> parents = new LinkedHashSet<>();
        boolean unclear = scope.sweep();
        for (Wanted<?> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                parents.add(recorded.apply(wanted.physicalId()));
            }
            String parent = wanted.desired() == null ? null : desired.apply(spec.cast(wanted.desired()));
            if (parent != null && !Unresolved.is(parent)) {
                parents.add(parent);
            } else {
                unclear |= wanted.physicalId() == null;
            }
        }
        if (unclear) {
            parents.addAll(more.get());
        }
        return parents;
    }

    static <C extends SdkClient, T> Collection<T> byName(
            Scope<?> scope,
            C client,
            int size,
            BiFunction<C, List<String>, ? extends Iterable<T>> list,
            Tagging<C> tagging) {
        Set<String> names = idsAndNames(scope);
        if (scope.sweep() && tagging.reading() instanceof Tagging.Reading.Indexed<C> index) {
            scope.tagged(index.resourceType())
                    .keySet()
                    .forEach(arn -> names.add(index.id().apply(arn)));
        }
        return inBatches(scope, names, size, batch -> list.apply(client, batch));
    }

    /** Reads a value for each item, in parallel. The result is keyed by the id of the item. */
    public static <T, V> Map<String, V> each(
            Scope<?> scope, Collection<T> items, Function<T, String> id, Function<String, V> read) {
        List<String> ids = items.stream().map(id).toList();
        List<V> values = scope.parallel(ids, read);
        Map<String, V> all = new LinkedHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            all.put(ids.get(i), values.get(i));
        }
        return all;
    }

    /** Reads in batches of the given size, in parallel. */
    public static <T> List<T> inBatches(
            Scope<?> scope, Collection<String> keys, int size, Function<List<String>, ? extends Iterable<T>> read) {
        List<List<String>> batches =
                keys.stream().gather(Gatherers.windowFixed(size)).toList();
        return inParallel(scope, batches, batch -> all(read.apply(batch)));
    }

    /** The items of several lists, which are read in parallel. */
    public static <K, T> List<T> inParallel(
            Scope<?> scope, Collection<K> keys, Function<K, ? extends Collection<T>> read) {
        return scope.parallel(keys, read).stream()
                .<T>flatMap(Collection::stream)
                .toList();
    }
}
