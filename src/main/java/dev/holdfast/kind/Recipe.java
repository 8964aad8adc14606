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
 * The declaration of an AWS resource type for a {@link DeclaredKind}: how its resources are found, and the calls that
 * create, change and delete them.
 *
 * @param <C> the service's client
 * @param <T> the shape by which the service describes a resource
 * @param id reads the physical id of an item
 * @param name reads the name in AWS; null: the kind has no names
 * @param within whether an item has the parent that a desired spec names; null: the name alone identifies the item
 * @param arn reads the ARN or id by which the tags are read
 * @param place whether an item occupies the place of a desired resource, even if it has another owner; null: only names
 *     and tags identify an item
 * @param fixed functions that compute single components, by component; they override the members of the shape
 * @param detail a separate call for each item in every pass; it returns null if the item no longer exists
 * @param facets separate calls that read a part of an item, by the name of the facet
 * @param facetsOfOwners the facets that are read only if a document owns one of their components
 * @param updates the updates, in the order in which they are sent
 * @param restart the call that requests a restart; null: no change of the kind waits for a restart
 * @param support finds the end of AWS's support for the version that an item runs
 * @param strays reads of objects that may be attached to an item and have no kind or no list call
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

    /** The result of a {@link Detail} for an item of another account, of which only the name can be read. */
    public static final Object FOREIGN = "foreign";

    /** Reads the values that the list does not return, in every pass. */
    @FunctionalInterface
    public interface Detail<C, T, S extends Record> {
        /**
         * Returns one of: a shape; several shapes, where the first shape that has a member counts; values by component,
         * as for a facet; {@link Recipe#FOREIGN}; null if the item no longer exists.
         */
        @Nullable
        Object read(Scope<S> scope, C client, T item);
    }

    /**
     * Finds the end of AWS's support.
     *
     * @param what names the version that an item runs; null from it: support has no end
     */
    public record Support<C, T>(Function<T, @Nullable String> what, BiFunction<C, T, @Nullable SupportEnd> read) {}

    /**
     * A read of objects that may be attached to an item; only a search for orphans makes it.
     *
     * @param what the type of the objects, in the words of AWS's API: SubscriptionFilter
     */
    public record Strays<C, T>(String what, StrayRead<C, T> read) {}

    /** Reads the objects that are attached to all items, in as few calls as the service allows. */
    @FunctionalInterface
    public interface StrayRead<C, T> {
        /** The physical ids of attached objects that no resource of ours explains, by the physical id of the item. */
        Map<String, ? extends Collection<String>> read(Scope<?> scope, C client, List<T> items);
    }

    /** Reads a slow facet: shapes or values of some components. */
    @FunctionalInterface
    public interface Facet<C, T> {
        /** Returns a shape whose members have the names of components, or a map of values by component. */
        Object read(C client, T item);
    }

    /** Completes an observation whose spec was read from the members. */
    @FunctionalInterface
    public interface State<T, S extends Record> {
        /** @param desired null: no document desires the resource, or the resource could not be identified */
        Observation.Known<S> complete(Observation.Known<S> known, T item, @Nullable S desired);
    }

    /** Sends the creating call. */
    @FunctionalInterface
    public interface Creation<C extends SdkClient, S extends Record> {
        String create(C client, Desired<S> desired, String token, Tagging<C> tagging);
    }

    /**
     * One call of an update; it is sent if one of its components changes.
     *
     * @param due selects the changes of these components for which the call is sent
     */
    public record Update<C, S extends Record>(
            Set<String> components, Predicate<Change<S>> due, BiConsumer<C, Change<S>> send) {

        boolean isFor(Change<S> change) {
            return change.changed().stream().anyMatch(components::contains) && due.test(change);
        }
    }

    /** Begins the recipe of a kind whose tags or whose {@link Marker} contain the ownership. */
    public static <S extends Record, C extends SdkClient> Start<C, S> of(String kind, Class<S> spec, Class<C> client) {
        boolean tagged = SpecModel.of(spec).with(TagMap.class).isPresent();
        return of(kind, spec, client, tagged ? OwnershipForm.TAG : OwnershipForm.MARKER);
    }

    /** Begins the recipe of a kind whose parent or whose record in the state contains the ownership. */
    public static <S extends Record, C extends SdkClient> Start<C, S> of(
            String kind, Class<S> spec, Class<C> client, OwnershipForm ownership) {
        return new Start<>(KindInfo.of(kind, spec, ownership), spec, client);
    }

    /** A recipe that does not yet declare how resources are found. */
    public record Start<C extends SdkClient, S extends Record>(
            KindInfo.Builder<S> info, Class<S> spec, Class<C> client) {

        /** One sentence for the catalogue. */
        public Start<C, S> description(String text) {
            info.description(text);
            return this;
        }

        /** Lists all resources page by page. A confirming scope reads its one resource by {@code read}. */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> lists(
                Function<C, ? extends Iterable<T>> list, PointRead<C, T> read) {
            return finds((scope, c) -> scope.confirming() ? read.of(scope, c) : Listings.all(list.apply(c)));
        }

        /** Lists all resources page by page, also for a confirming scope: no call reads a single resource. */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> lists(Function<C, ? extends Iterable<T>> list) {
            return finds((scope, c) -> Listings.all(list.apply(c)));
        }

        /**
         * Lists resources by name, with {@code size} names in a call; the answer must omit a name that does not exist.
         * A sweep adds the names that the tagging API knows.
         */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> listsByName(
                int size, BiFunction<C, List<String>, ? extends Iterable<T>> list, Tagging<C> tagging) {
            return this.<T>finds((scope, c) -> Listings.byName(scope, c, size, list, tagging))
                    .tags(tagging);
        }

        /** Lists resources by code of the kind. */
        public <T extends SdkPojo> RecipeBuilder<C, T, S> finds(Listing<C, T> listing) {
            return new RecipeBuilder<>(this, listing);
        }
    }
}
