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
     * What names an item of an answer. Nothing can be told of an object without it, and least of all that another one is gone.
     *
     * @param what what the item is, and what the text is: {@code a Vpc without its id}
     * @throws PartialAnswerException if the item does not have it
     */
    public static String required(@Nullable String text, String what) {
        if (text == null) {
            throw new PartialAnswerException("has " + what);
        }
        return text;
    }

    static <T> List<T> all(Iterable<T> pages) {
        List<T> all = new ArrayList<>();
        pages.forEach(all::add);
        return all;
    }

    /**
     * A list of which the SDK has no paginator, page by page.
     *
     * @param page by its marker; null: the first one
     * @param next the marker of the page after that; null or empty: it is the last one
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

    /** The recorded ids of what is asked about. */
    public static Set<String> ids(Scope<?> scope) {
        return texts(scope.wanted().stream().map(Wanted::physicalId));
    }

    /** What a read by id or name is to ask for, without repetition: the recorded id, or else the name. */
    public static Set<String> idsElseNames(Scope<?> scope) {
        return texts(scope.wanted().stream().map(w -> w.physicalId() == null ? w.physicalName() : w.physicalId()));
    }

    /** The names in AWS of what is asked about. */
    public static Set<String> names(Scope<?> scope) {
        return texts(scope.wanted().stream().map(Wanted::physicalName));
    }

    private static Set<String> texts(Stream<String> texts) {
        Set<String> known = new TreeSet<>();
        texts.filter(Objects::nonNull).filter(text -> !Unresolved.is(text)).forEach(known::add);
        return known;
    }

    /**
     * The parents that children are listed by: those of recorded and of desired children. Where neither says the parent, and in
     * a sweep, more of them come from elsewhere.
     *
     * @param desired the component that refers to the parent
     * @param recorded the parent of a child by the child's id
     * @param more parents that may have children of ours
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
        Set<String> names = new TreeSet<>(ids(scope));
        names.addAll(names(scope));
        if (scope.sweep() && tagging.reading() instanceof Tagging.Reading.Indexed<C> index) {
            scope.tagged(index.resourceType())
                    .keySet()
                    .forEach(arn -> names.add(index.id().apply(arn)));
        }
        return inBatches(scope, names, size, batch -> list.apply(client, batch));
    }

    /** Reads something of each item, side by side; by the id of the item. */
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

    /** Reads in batches of so many, side by side. */
    public static <T> List<T> inBatches(
            Scope<?> scope, Collection<String> keys, int size, Function<List<String>, ? extends Iterable<T>> read) {
        List<List<String>> batches =
                keys.stream().gather(Gatherers.windowFixed(size)).toList();
        return scope.parallel(batches, batch -> all(read.apply(batch))).stream()
                .flatMap(List::stream)
                .toList();
    }
}
