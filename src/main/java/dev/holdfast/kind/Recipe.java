package dev.holdfast.kind;

import dev.holdfast.model.SupportEnd;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/**
 * What a {@link DeclaredKind} says of an AWS resource type: how it is found, and which calls create, change and delete it.
 *
 * @param <C> the service's client
 * @param <T> the shape by which the service describes a resource
 * @param id the physical id
 * @param name the name in AWS; null: the kind has none
 * @param within whether an item has the parent that a desired spec names; null: its name alone tells
 * @param arn what the tags are read by
 * @param place whether an item stands where a desired resource belongs, also if another owner holds it; null: nothing but
 *     names and tags tells
 * @param fixed overrides of single components, by component, of what the shape says
 * @param detail what takes a call of its own in every pass; null from it: the item is gone
 * @param facets what takes a call of its own to read
 * @param facetsOfOwners those of them that are read only if a document owns one of their components
 * @param updates in the order in which they are sent
 * @param restart null: the kind has nothing that waits for one
 * @param support until when AWS supports what an item runs
 * @param strays what may hang at an item and has no kind or list of its own
 */
public record Recipe<C extends SdkClient, T extends SdkPojo, S extends Record>(
        KindInfo<S> info,
        Class<C> client,
        Listing<C, T> listing,
        Function<T, String> id,
        @Nullable Function<T, String> name,
        @Nullable BiPredicate<S, T> within,
        Function<T, String> arn,
        @Nullable BiPredicate<S, T> place,
        Tagging<C> tagging,
        Map<String, Function<T, @Nullable Object>> fixed,
        Detail<C, T, S> detail,
        Map<String, Detail<C, T, S>> facets,
        Set<String> facetsOfOwners,
        Map<String, Function<T, @Nullable Object>> outputs,
        State<T, S> state,
        Creation<C, S> creation,
        List<Update<C, S>> updates,
        BiConsumer<C, Observed<S>> deletion,
        @Nullable BiConsumer<C, Observed<S>> restart,
        Support<C, T> support,
        List<Strays<C, T>> strays) {

    /** What a {@link Detail} answers for an item of another account, of which nothing but the name can be read. */
    public static final Object FOREIGN = "foreign";

    /** Reads in every pass what the list does not give. */
    @FunctionalInterface
    public interface Detail<C, T, S extends Record> {
        /**
         * A shape, or several of which the first one that has a member counts, or values by component, as of a facet; null: the
         * item is gone; {@link Recipe#FOREIGN}.
         */
        @Nullable
        Object read(Scope<S> scope, C client, T item);
    }

    /**
     * How the end of AWS's support is found.
     *
     * @param what an item runs; null: it has no end
     */
    public record Support<C, T>(Function<T, @Nullable String> what, BiFunction<C, T, @Nullable SupportEnd> read) {}

    /**
     * What may hang at an item, read by a search for orphans only.
     *
     * @param what it is, in the words of AWS's API: SubscriptionFilter
     */
    public record Strays<C, T>(String what, StrayRead<C, T> read) {}

    /** Reads what hangs at all items together, in as few calls as the service allows. */
    @FunctionalInterface
    public interface StrayRead<C, T> {
        /** The physical ids of what hangs at an item and no resource of ours explains, by the physical id of the item. */
        Map<String, ? extends Collection<String>> read(Scope<?> scope, C client, List<T> items);
    }

    /** Reads a slow facet: shapes or values that belong to some components. */
    @FunctionalInterface
    public interface Facet<C, T> {
        /** A shape whose members are components' names, or a map of values by component. */
        Object read(C client, T item);
    }

    /** Completes what was read by members. */
    @FunctionalInterface
    public interface State<T, S extends Record> {
        /** @param desired null: no document desires the resource, or which resource it is could not be told */
        Observation.Known<S> complete(Observation.Known<S> known, T item, @Nullable S desired);
    }

    /** Sends the creating call. */
    @FunctionalInterface
    public interface Creation<C extends SdkClient, S extends Record> {
        String create(C client, Desired<S> desired, String token, Tagging<C> tagging);
    }

    /**
     * One call of an update, sent if it is about a component that changes.
     *
     * @param due of such changes, those that the call is for
     */
    public record Update<C, S extends Record>(
            Set<String> components, Predicate<Change<S>> due, BiConsumer<C, Change<S>> send) {

        boolean isFor(Change<S> change) {
            return change.changed().stream().anyMatch(components::contains) && due.test(change);
        }
    }

    /** @param description one sentence for the catalogue */
    public static <S extends Record, C extends SdkClient> Start<C, S> of(
            String kind, Class<S> spec, Class<C> client, OwnershipForm ownership, String description) {
        return new Start<>(KindInfo.of(kind, spec, ownership).description(description), spec, client);
    }

    /** A recipe that does not say yet how resources are found. */
    public record Start<C extends SdkClient, S extends Record>(
            KindInfo.Builder<S> info, Class<S> spec, Class<C> client) {

        /** Everything that there is, page by page; a confirming scope reads the one resource by {@code read}. */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> lists(
                Function<C, ? extends Iterable<T>> list, PointRead<C, T> read) {
            return finds((scope, c) -> scope.confirming() ? read.of(scope, c) : Listings.all(list.apply(c)));
        }

        /**
         * By their names, so many in a call; a name that does not exist is left out of the answer. A sweep adds the names that
         * the tagging API knows.
         */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> listsByName(
                int size, BiFunction<C, List<String>, ? extends Iterable<T>> list, Tagging<C> tagging) {
            return this.<T>finds((scope, c) -> Listings.byName(scope, c, size, list, tagging))
                    .tags(tagging);
        }

        /** In a way of its own. */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> finds(Listing<C, T> listing) {
            return new RecipeBuilder<>(this, listing);
        }
    }
}
