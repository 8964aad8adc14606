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

/** What an observation is about, and the means to make it. */
public interface Scope<S extends Record> {
    Clients clients();

    default <C extends SdkClient> C client(Class<C> type) {
        return clients().client(type);
    }

    StackRef stack();

    /** The resources that are asked about: desired ones, and recorded ones that are no longer desired. */
    List<Wanted<S>> wanted();

    /**
     * True when everything of this kind that carries the stack's ownership is asked for, wanted or not. When false, a kind
     * may read no more than the wanted ones if that is cheaper.
     */
    boolean sweep();

    /**
     * True for the point read that confirms what a list said: {@link #wanted} has one element, and it is to be read by its
     * physical id or name from the owning service, not from a list or an index that lags. Only a kind without names whose id
     * is not recorded has nothing but its tags to go by; it may then answer with all of the stack's, and the engine picks.
     */
    boolean confirming();

    /** Whether a point read has nothing but tags to go by. */
    default boolean confirmsByTags() {
        return confirming() && wanted().stream().allMatch(w -> w.physicalId() == null && w.physicalName() == null);
    }

    /**
     * Tags of what carries this stack's ownership, by ARN, from the tagging API (one paginated read a pass for all kinds). It
     * lags and names the dead: what is missing from it may yet be ours.
     *
     * @param resourceType {@code logs:log-group}
     */
    Map<String, Map<String, String>> tagged(String resourceType);

    /**
     * The tags that the tagging API shows of one thing, where they need no other witness: they are exactly what is desired, or
     * nothing is. Anything else it says may be older than our own last write.
     *
     * @param resourceType {@code logs:log-group}
     * @param desired null for what is no longer desired: then the index is enough
     * @return null: the service has to be asked
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
     * All tags of one thing whose service gives them only one by one, mostly without a read of its own: where {@link #indexed}
     * does not answer, the service is asked, as the slow facet {@code tags}.
     *
     * @param desired null for what is no longer desired
     * @param read asks the owning service
     */
    default Map<String, String> tags(
            String resourceType,
            String arn,
            String physicalId,
            @Nullable Map<String, String> desired,
            Supplier<Map<String, String>> read) {
        Map<String, String> indexed = indexed(resourceType, arn, desired);
        // The ARN keeps things apart that have one name: an alarm and a log group, or one name in two regions.
        return indexed != null ? indexed : slow(physicalId, "tags." + arn, read);
    }

    /**
     * What several kinds read alike: one of them asks, and the others observed with it take its answer or its failure.
     *
     * @param what names the request, {@code secretsmanager:ListSecrets}
     */
    <T> T shared(String what, Supplier<T> read);

    /**
     * A slow facet: what was read of it last, or read now if it is due. The engine decides when it is due.
     *
     * @param facet as in the component's {@link Slow}
     */
    <T> T slow(String physicalId, String facet, Supplier<T> read);

    /**
     * Reads something that only the search for orphans asks, and that AWS returns for one parent at a time: in each pass of those
     * parents whose turn it is, so that no pass reads it of all. What was read stays known until the next turn.
     *
     * @param what names the read
     * @param id names a parent
     * @param read is called once, with those whose turn it is
     * @return null: it is the turn of none
     */
    <T, R> @Nullable R inTurn(String what, Collection<T> items, Function<T, String> id, Function<List<T>, R> read);

    /**
     * Something that never changes once it exists (a task definition's revision): read once, then remembered.
     *
     * @param version what tells one state of the resource from another, and its parts from one another; null: AWS's answer does
     *     not tell, so that it is read anew and not remembered
     */
    <T> T forever(String physicalId, @Nullable Object version, Supplier<T> read);

    /**
     * Something that changes with AWS's calendar and with nothing that anybody does: read once a day. A value that is there
     * already stays if it cannot be read again.
     */
    <T> T daily(String what, Supplier<T> read);

    /**
     * Builds an observation of each item, in parallel; a read that fails in {@code build} makes that one item Unknown and
     * leaves the others alone. Reads that only some items need belong in {@code build}, not before it.
     */
    <T> List<Observation<S>> each(Collection<T> items, Function<T, Identity> identify, Builder<T, S> build);

    /** Builds the observation of one item whose identity is known; null: a closer look shows that it is gone after all. */
    @FunctionalInterface
    interface Builder<T, S extends Record> {
        Observation.@Nullable Known<S> build(T item, Identity identity);
    }

    /** Runs independent reads in parallel and gives their results in the order of the items. */
    <T, R> List<R> parallel(Collection<T> items, Function<T, R> read);
}
