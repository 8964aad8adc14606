package dev.holdfast.kind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkClient;

/** Ways to find resources that several services share. */
public final class Listings {
    private Listings() {}

    static <T> List<T> all(Iterable<T> pages) {
        List<T> all = new ArrayList<>();
        pages.forEach(all::add);
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

    /** Reads in batches of so many, side by side. */
    public static <T> List<T> inBatches(
            Scope<?> scope,
            Collection<String> keys,
            int size,
            java.util.function.Function<List<String>, ? extends Iterable<T>> read) {
        List<List<String>> batches =
                keys.stream().gather(Gatherers.windowFixed(size)).toList();
        return scope.parallel(batches, batch -> all(read.apply(batch))).stream()
                .flatMap(List::stream)
                .toList();
    }
}
