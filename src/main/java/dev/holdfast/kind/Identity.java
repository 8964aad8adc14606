package dev.holdfast.kind;

import dev.holdfast.model.ResourceId;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an observed object.
 *
 * @param name the object's name in AWS; null if the kind has no names
 * @param tags all tags as observed; empty for kinds that are not owned by tags
 * @param resource for kinds that are owned through a parent or a record: the wanted resource that the object is; null
 *     if the tags identify the object
 */
public record Identity(
        String physicalId,
        @Nullable String name,
        Map<String, String> tags,
        @Nullable ResourceId resource) {
    public static Identity of(String physicalId) {
        return new Identity(physicalId, null, Map.of(), null);
    }

    public Identity named(@Nullable String value) {
        return new Identity(physicalId, value, tags, resource);
    }

    public Identity tagged(Map<String, String> all) {
        return new Identity(physicalId, name, Map.copyOf(all), resource);
    }

    public <T> Identity tagged(Collection<T> all, Function<T, String> key, Function<T, String> value) {
        return tagged(all.stream().collect(Collectors.toMap(key, value, (a, b) -> b)));
    }

    public Identity belongingTo(@Nullable ResourceId wanted) {
        return new Identity(physicalId, name, tags, wanted);
    }
}
