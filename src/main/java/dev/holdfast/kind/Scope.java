package dev.holdfast.kind;

import dev.holdfast.aws.Clients;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/** The resources that an observation covers, and the means to read them. */
public interface Scope<S extends Record> {
    Clients clients();

    default <C extends SdkClient> C client(Class<C> type) {
        return clients().client(type);
    }

    StackRef stack();

    /** The wanted resources: all desired resources, and recorded resources that are no longer desired. */
    List<Wanted<S>> wanted();

    /**
     * Whether the observation must return every resource of the kind that has the stack's ownership, wanted or not. If
     * false, a kind may read only the wanted resources if that is cheaper.
     */
    boolean sweep();

    /**
     * True for the point read that confirms the result of a list: {@link #wanted} has one element, which must be read
     * by its physical id or name from the owning service, not from a list or an index that lags. If the resource has
     * neither a name nor a recorded id, only its tags identify it; the kind may then return all resources of the stack,
     * and the engine selects.
     */
    boolean confirming();

    /** Whether only tags identify the resource of a point read. */
    default boolean confirmsByTags() {
        return confirming() && wanted().stream().allMatch(w -> w.physicalId() == null && w.physicalName() == null);
    }

    /**
     * The tags of all resources with this stack's ownership, by ARN, from the tagging API (one paginated read per pass
     * for all kinds). The API lags: it lists deleted resources, and may omit resources that are ours.
     *
     * @param resourceType {@code logs:log-group}
     */
    Map<String, Map<String, String>> tagged(String resourceType);

    /**
     * The tags of one resource from the tagging API, if they need no confirmation: they equal the desired tags, or
     * nothing is desired. Other tags may be older than our last write.
     *
     * @param resourceType {@code logs:log-group}
     * @param desired null if the resource is no longer desired: then the index is sufficient
     * @return null: the tags have to be read from the service
     */
    default @Nullable Map<String, String> indexed(
            String resourceType, String arn, @Nullable Map<String, String> desired) {
        Map<String, String> indexed = confirming() ? null : tagged(resourceType).get(arn);
        if (indexed != null && desired != null) {
            Map<String, String> own = new HashMap<>(indexed);
            own.keySet().removeIf(key -> key.startsWith("aws:"));
            return own.equals(desired) ? indexed : null;
        }
        return indexed;
    }

    /**
     * All tags of one resource whose service returns tags for one resource at a time. Most tags need no separate read:
     * only if {@link #indexed} returns null, they are read from the service, as the slow facet {@code tags}.
     *
     * @param desired null if the resource is no longer desired
     * @param read reads the tags from the owning service
     */
    default Map<String, String> tags(
            String resourceType,
            String arn,
            String physicalId,
            @Nullable Map<String, String> desired,
            Supplier<Map<String, String>> read) {
        Map<String, String> indexed = indexed(resourceType, arn, desired);
        // The ARN distinguishes resources of the same name: an alarm and a log group, or resources in two regions.
        return indexed != null ? indexed : slow(physicalId, "tags." + arn, read);
    }

    /**
     * A read that several kinds share: the first kind makes the request, and the kinds observed with it receive its
     * answer or failure.
     *
     * @param what the name of the request, {@code secretsmanager:ListSecrets}
     */
    <T> T shared(String what, Supplier<T> read);

    /**
     * The value of a slow facet: the last value read, or a new read if the facet is due. The engine decides when it is
     * due.
     *
     * @param facet as in the component's {@link Slow}
     */
    <T> T slow(String physicalId, String facet, Supplier<T> read);

    /**
     * Makes reads that only the search for orphans needs and that AWS answers for one parent at a time. Each pass reads
     * only the parents whose turn it is. The result stays known until the next turn.
     *
     * @param what the name of the read
     * @param id the id of a parent
     * @param read called once, with the parents whose turn it is
     * @return null if it is no parent's turn
     */
    <T, R> @Nullable R inTurn(String what, Collection<T> items, Function<T, String> id, Function<List<T>, R> read);

    /**
     * A value that never changes after its creation (a task definition's revision): it is read once and then kept.
     *
     * @param version identifies the state and the part of the resource to which the value belongs; null: AWS's answer
     *     identifies no state, so that the value is read again and not kept
     */
    <T> T forever(String physicalId, @Nullable Object version, Supplier<T> read);

    /**
     * A value that changes only with AWS's calendar: it is read once a day. If a later read fails, the former value
     * stays.
     */
    <T> T daily(String what, Supplier<T> read);

    /**
     * Builds an observation of each item, in parallel. A read that fails in {@code build} makes only that item Unknown.
     * Reads that only some items need belong in {@code build}, not before it.
     */
    <T> List<Observation<S>> each(Collection<T> items, Function<T, Identity> identify, Builder<T, S> build);

    /**
     * Builds the observation of one item whose identity is known; null if a further read shows that the item no longer
     * exists.
     */
    @FunctionalInterface
    interface Builder<T, S extends Record> {
        Observation.@Nullable Known<S> build(T item, Identity identity);
    }

    /** Runs independent reads in parallel and returns their results in the order of the items. */
    <T, R> List<R> parallel(Collection<T> items, Function<T, R> read);
}
