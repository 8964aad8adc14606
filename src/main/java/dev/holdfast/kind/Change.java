package dev.holdfast.kind;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkClient;

/**
 * What is to be changed: both sides, and which fields the differ found different. Only those may be written.
 *
 * @param changed names of the top-level components that differ
 * @param staleTags tag keys that we put on once and that are no longer desired
 * @param again the user asked for the rollout to be tried again though nothing differs
 */
public record Change<S extends Record>(
        Desired<S> desired, Observed<S> observed, Set<String> changed, Set<String> staleTags, boolean again) {
    private static final Map<Class<?>, String> NAMES = new ConcurrentHashMap<>();

    /** Whether any of these fields differs: {@code change.touches(Spec::description)}. */
    @SafeVarargs
    public final boolean touches(Getter<S, ?>... fields) {
        for (Getter<S, ?> field : fields) {
            if (changed.contains(nameOf(field))) {
                return true;
            }
        }
        return false;
    }

    public S spec() {
        return desired.spec();
    }

    public String physicalId() {
        return observed.physicalId();
    }

    public <C extends SdkClient> C client(Class<C> type) {
        return desired.clients().client(type);
    }

    /** Tags to be put: desired and not observed with that value. */
    public Map<String, String> tagsToPut(Getter<S, Map<String, String>> tags) {
        Map<String, String> observedTags = orEmpty(tags.apply(observed.spec()));
        return orEmpty(tags.apply(desired.spec())).entrySet().stream()
                .filter(e -> !e.getValue().equals(observedTags.get(e.getKey())))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Tag keys to be taken off: ours once, observed, and no longer desired. */
    public Set<String> tagsToRemove(Getter<S, Map<String, String>> tags) {
        Map<String, String> observedTags = orEmpty(tags.apply(observed.spec()));
        return staleTags.stream().filter(observedTags::containsKey).collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, String> orEmpty(@org.jspecify.annotations.Nullable Map<String, String> tags) {
        return tags == null ? Map.of() : tags;
    }

    /** The component that an accessor reads. A lambda class is made once a call site, so its name is looked up once. */
    static String nameOf(Getter<?, ?> getter) {
        return NAMES.computeIfAbsent(getter.getClass(), c -> {
            try {
                Method replace = c.getDeclaredMethod("writeReplace");
                replace.setAccessible(true);
                return ((SerializedLambda) replace.invoke(getter)).getImplMethodName();
            } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a field must be named by a method reference to its accessor", e);
            }
        });
    }
}
