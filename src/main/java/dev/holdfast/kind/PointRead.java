package dev.holdfast.kind;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads single resources by id or name, if a list cannot confirm their state.
 *
 * @param byName reads by the name in AWS; null: the name is the id
 */
public record PointRead<C extends SdkClient, T>(
        BiFunction<C, String, ? extends Collection<T>> byId,
        @Nullable BiFunction<C, String, ? extends Collection<T>> byName,
        Class<? extends SdkException> notFound) {

    public static <C extends SdkClient, T> PointRead<C, T> of(
            BiFunction<C, String, ? extends Collection<T>> byId, Class<? extends SdkException> notFound) {
        return new PointRead<>(byId, null, notFound);
    }

    public static <C extends SdkClient, T> PointRead<C, T> of(
            BiFunction<C, String, ? extends Collection<T>> byId,
            BiFunction<C, String, ? extends Collection<T>> byName,
            Class<? extends SdkException> notFound) {
        return new PointRead<>(byId, byName, notFound);
    }

    /** The wanted resources, each read by its recorded id, or else by its name. */
    Collection<T> of(Scope<?> scope, C client) {
        Map<String, BiFunction<C, String, ? extends Collection<T>>> asked = new LinkedHashMap<>();
        for (Wanted<?> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                asked.put(wanted.physicalId(), byId);
            } else if (wanted.physicalName() != null && !Unresolved.is(wanted.physicalName())) {
                asked.put(wanted.physicalName(), byName == null ? byId : byName);
            }
        }
        return Listings.inParallel(
                scope,
                asked.entrySet(),
                e -> Absent.<Collection<T>>or(
                        List.of(), notFound, () -> e.getValue().apply(client, e.getKey())));
    }

    /** The resource with this id; null if it does not exist. */
    @Nullable
    T one(C client, String id) {
        Function<Collection<T>, @Nullable T> first =
                all -> all.isEmpty() ? null : all.iterator().next();
        return first.apply(Absent.<Collection<T>>or(List.of(), notFound, () -> byId.apply(client, id)));
    }
}
