package dev.holdfast.kind;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.ParameterValues;
import dev.holdfast.kind.wire.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One observation of a kind by its recipe: finds the items, determines their owners by the tags, and reads their specs.
 */
final class RecipeObservation<C extends SdkClient, T extends SdkPojo, S extends Record> {
    private final Recipe<C, T, S> recipe;
    private final Scope<S> scope;
    private final C client;
    private final Map<String, Wanted<S>> wanted = new HashMap<>();
    private final Map<String, Map<String, String>> tags = new HashMap<>();
    private final boolean confirmsById;

    RecipeObservation(Recipe<C, T, S> recipe, Scope<S> scope) {
        this.recipe = recipe;
        this.scope = scope;
        this.client = scope.client(recipe.client());
        this.confirmsById = scope.confirming() && !Listings.ids(scope).isEmpty();
        for (Wanted<S> w : scope.wanted()) {
            if (w.physicalName() != null && recipe.within() == null) {
                wanted.put(w.physicalName(), w);
            }
        }
        for (Wanted<S> w : scope.wanted()) {
            if (w.physicalId() != null) {
                wanted.put(w.physicalId(), w);
            }
        }
    }

    List<Observation<S>> observe() {
        List<T> found = new ArrayList<>();
        for (T item : recipe.listing().find(scope, client)) {
            has(recipe.id().apply(item), "id");
            if (recipe.name() != null) {
                has(recipe.name().apply(item), "name");
            }
            if (scope.sweep() || wanted(item) != null || tagsNeedNoRead() || findsByTags()) {
                found.add(item);
            }
        }
        readTags(found);
        List<T> ours = found.stream()
                .filter(item -> wanted(item) != null || owned(item))
                .toList();
        List<Observation<S>> all = new ArrayList<>(scope.each(ours, this::identify, this::known));
        if (scope.sweep() && !scope.confirming()) {
            found.stream()
                    .filter(item -> wanted(item) == null && !owned(item))
                    .forEach(item -> attached(item).ifPresent(all::add));
        }
        recipe.strays().forEach(strays -> all.addAll(hangingAt(ours, strays)));
        return all;
    }

    private String has(@Nullable String text, String what) {
        return Listings.required(text, "a " + recipe.info().name() + " without its " + what);
    }

    /**
     * Only the search has failed: the resources that were read stay known, because no document declares attached
     * objects.
     */
    private List<Observation<S>> hangingAt(List<T> ours, Recipe.Strays<C, T> strays) {
        try {
            List<Observation<S>> read =
                    scope.inTurn(strays.what(), ours, recipe.id(), parents -> hangingAtEach(parents, strays));
            return read == null ? List.of() : read;
        } catch (SdkException e) {
            return List.of(new Observation.Unsearched<>(
                    Faults.classify(e, recipe.info().faultRules())));
        }
    }

    private List<Observation<S>> hangingAtEach(List<T> parents, Recipe.Strays<C, T> strays) {
        Map<String, ? extends Collection<String>> found = strays.read().read(scope, client, parents);
        List<Observation<S>> all = new ArrayList<>();
        for (T item : parents) {
            String parent = recipe.id().apply(item);
            Collection<String> ids = found.get(parent);
            all.add(new Observation.Hanging<>(parent, strays.what(), ids == null ? Set.of() : Set.copyOf(ids)));
        }
        return all;
    }

    /** An object that is attached to a parent and has no stack tag. */
    private Optional<Observation<S>> attached(T item) {
        ParentKind<S> parent = recipe.info().parent();
        Map<String, String> read = tags.getOrDefault(recipe.arn().apply(item), Map.of());
        if (parent == null || read.containsKey(StackRef.STACK_TAG)) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> values = new HashMap<>();
        recipe.fixed().forEach((component, value) -> values.put(component, value.apply(item)));
        String at = parent.id().apply(Wire.read(recipe.info().spec(), values, List.of(item)));
        return Optional.ofNullable(at)
                .map(id -> new Observation.Attached<>(Identity.of(recipe.id().apply(item)), parent.kind(), id));
    }

    /** Whether the listing answers a point read by tags: it then returns the stack's own resources, indexed or not. */
    private boolean findsByTags() {
        return recipe.name() == null && recipe.place() == null && scope.confirmsByTags();
    }

    private boolean tagsNeedNoRead() {
        return switch (recipe.tagging().reading()) {
            case Tagging.Reading.Inline<C> inline -> true;
            case Tagging.Reading.Marked<C> marked -> true;
            case Tagging.Reading.None<C> none -> true;
            case Tagging.Reading.Batched<C> batched -> false;
            case Tagging.Reading.Indexed<C> indexed -> false;
        };
    }

    /** The wanted resource that matches an item by id or name, or whose place the item occupies. */
    private @Nullable Wanted<S> wanted(T item) {
        Wanted<S> asked = wanted.get(recipe.id().apply(item));
        if (asked == null && recipe.name() != null) {
            asked = wanted.get(recipe.name().apply(item));
        }
        return asked == null && (recipe.within() != null || !confirmsById)
                ? scope.wanted().stream()
                        .filter(w -> isInPlaceOf(w, item))
                        .findFirst()
                        .orElse(null)
                : asked;
    }

    private boolean isInPlaceOf(Wanted<S> asked, T item) {
        S desired = asked.desired();
        BiPredicate<S, T> within = recipe.within();
        BiPredicate<S, T> place = recipe.place();
        if (desired == null || within == null) {
            return desired != null && place != null && place.test(desired, item);
        }
        return within.test(desired, item)
                && (recipe.name() == null || recipe.name().apply(item).equals(asked.physicalName()));
    }

    private boolean owned(T item) {
        String arn = recipe.arn().apply(item);
        return switch (recipe.tagging().reading()) {
            case Tagging.Reading.Indexed<C> index ->
                findsByTags() || scope.tagged(index.resourceType()).containsKey(arn);
            case Tagging.Reading.None<C> none ->
                recipe.within() == null && recipe.info().ownership() != OwnershipForm.RECORD;
            case Tagging.Reading.Inline<C> inline -> ownedByTags(arn);
            case Tagging.Reading.Marked<C> marked -> ownedByTags(arn);
            case Tagging.Reading.Batched<C> batched -> ownedByTags(arn);
        };
    }

    private boolean ownedByTags(String arn) {
        return scope.stack().owns(tags.getOrDefault(arn, Map.of()));
    }

    /** Reads the tags that are available before the items are read one by one. */
    private void readTags(List<T> items) {
        switch (recipe.tagging().reading()) {
            case Tagging.Reading.Inline<C> inline ->
                items.forEach(item -> tags.put(recipe.arn().apply(item), inline(item)));
            case Tagging.Reading.Marked<C> marked ->
                items.forEach(item -> tags.put(recipe.arn().apply(item), marked(item)));
            case Tagging.Reading.Batched<C> batched -> {
                List<List<String>> batches = items.stream()
                        .filter(item -> !isIndexedAsDesired(batched, item))
                        .map(this::taggedArn)
                        .gather(Gatherers.windowFixed(batched.size()))
                        .toList();
                scope.parallel(batches, batch -> batched.read().apply(client, batch))
                        .forEach(tags::putAll);
            }
            case Tagging.Reading.Indexed<C> indexed -> {}
            case Tagging.Reading.None<C> none -> {}
        }
    }

    /** If so, the tags of the index are used. */
    private boolean isIndexedAsDesired(Tagging.Reading.Batched<C> batched, T item) {
        String arn = taggedArn(item);
        String type = batched.resourceType();
        Map<String, String> indexed = type == null ? null : scope.indexed(type, arn, desiredTags(item));
        if (indexed != null) {
            tags.put(arn, indexed);
        }
        return indexed != null;
    }

    private Map<String, String> inline(T item) {
        Object value = SdkShapes.get(item, SdkShapes.member(item, "tags") == null ? "tagList" : "tags");
        if (value instanceof Map<?, ?> map) {
            Map<String, String> copy = new HashMap<>();
            map.forEach((key, one) -> copy.put(String.valueOf(key), String.valueOf(one)));
            return copy;
        }
        List<SdkPojo> pairs = new ArrayList<>();
        if (value instanceof Collection<?> many) {
            many.forEach(pair -> pairs.add((SdkPojo) pair));
        }
        return SdkShapes.map(pairs);
    }

    private Map<String, String> marked(T item) {
        SpecModel.Field field =
                SpecModel.of(recipe.info().spec()).with(Marker.class).orElseThrow();
        Function<T, @Nullable Object> text = recipe.fixed().get(field.name());
        return StackRef.marked((String) (text == null ? Wire.component(field, item) : text.apply(item)));
    }

    private Identity identify(T item) {
        Identity identity = Identity.of(recipe.id().apply(item));
        if (recipe.name() != null) {
            identity = identity.named(recipe.name().apply(item));
        }
        Map<String, String> read = tags.get(recipe.arn().apply(item));
        if (read != null) {
            return identity.tagged(read);
        }
        // Assigns the item to the wanted resource, in case its tags cannot be read.
        Wanted<S> asked = wanted(item);
        boolean recorded = recipe.info().ownership() != OwnershipForm.RECORD
                || (asked != null && identity.physicalId().equals(asked.physicalId()));
        return identity.belongingTo(asked == null || !recorded ? null : asked.id());
    }

    private @Nullable Known<S> known(T item, Identity found) {
        Object detail = recipe.detail().read(scope, client, item);
        if (detail == null) {
            return null;
        }
        if (detail == Recipe.FOREIGN) {
            return Known.of(found.belongingTo(null), Wire.read(recipe.info().spec(), named(found), List.of()));
        }
        Identity identity = recipe.tagging().reading() instanceof Tagging.Reading.Indexed<C> index
                ? found.belongingTo(null).tagged(indexed(index, item))
                : found;
        Map<String, @Nullable Object> values = new HashMap<>();
        List<SdkPojo> shapes = new ArrayList<>();
        add(detail, values, shapes);
        List<String> facets = recipe.facets().keySet().stream()
                .filter(facet -> !recipe.facetsOfOwners().contains(facet) || owns(wanted(item), facet))
                .toList();
        scope.parallel(facets, facet -> {
                    Supplier<Object> read = () -> Objects.requireNonNull(
                            Objects.requireNonNull(recipe.facets().get(facet)).read(scope, client, item));
                    return isSlow(facet) ? scope.slow(found.physicalId(), facet, read) : read.get();
                })
                .forEach(read -> add(read, values, shapes));
        S desired = desired(item, identity);
        values.replaceAll((component, value) ->
                value instanceof ParameterValues read ? read.inFormOf(parameters(desired, component)) : value);
        values.putAll(named(identity));
        recipe.fixed().forEach((component, value) -> values.put(component, value.apply(item)));
        SpecModel.of(recipe.info().spec())
                .with(TagMap.class)
                .ifPresent(field -> values.put(field.name(), identity.tags()));
        shapes.add(item);
        Known<S> known = Known.of(identity, Wire.read(recipe.info().spec(), values, shapes));
        for (String output : recipe.info().outputs().keySet()) {
            Function<T, @Nullable Object> member = recipe.outputs().get(output);
            known = known.output(output, member == null ? values.get(output) : member.apply(item));
        }
        Known<S> whole = recipe.state().complete(known, item, desired);
        String runs = recipe.support().what().apply(item);
        return runs == null
                ? whole
                : whole.outlook(whole.outlook()
                        .support(scope.daily(
                                        recipe.info().name() + " " + runs,
                                        () -> Optional.ofNullable(
                                                recipe.support().read().apply(client, item)))
                                .orElse(null)));
    }

    @SuppressWarnings("unchecked") // parameters are a map of texts
    private static @Nullable Map<String, String> parameters(@Nullable Record desired, String component) {
        return desired == null
                ? null
                : (Map<String, String>) SpecModel.of(desired.getClass())
                        .field(component)
                        .orElseThrow()
                        .read(desired);
    }

    private Map<String, String> named(Identity identity) {
        return SpecModel.of(recipe.info().spec())
                .with(PhysicalName.class)
                .filter(field -> identity.name() != null)
                .map(field -> Map.of(field.name(), identity.name()))
                .orElse(Map.of());
    }

    /**
     * False only for a component without {@code @Slow}, which is read in every pass. A facet that has only outputs is
     * slow.
     */
    private boolean isSlow(String facet) {
        SpecModel spec = SpecModel.of(recipe.info().spec());
        return spec.field(facet).map(field -> field.has(Slow.class)).orElse(true);
    }

    private static void add(Object read, Map<String, @Nullable Object> values, List<SdkPojo> shapes) {
        switch (read) {
            case SdkPojo shape -> shapes.add(shape);
            case Collection<?> several -> several.forEach(one -> add(one, values, shapes));
            default -> ((Map<?, ?>) read).forEach((component, one) -> values.put(String.valueOf(component), one));
        }
    }

    /** The desired spec, also for an item whose id is not recorded and that only its tags identify. */
    private @Nullable S desired(T item, Identity identity) {
        String tag = identity.tags().get(StackRef.RESOURCE_TAG);
        Wanted<S> asked = Stream.concat(
                        Stream.ofNullable(wanted(item)), scope.wanted().stream().filter(w -> w.isTagged(tag)))
                .findFirst()
                .orElse(null);
        return asked == null ? null : asked.desired();
    }

    private boolean owns(@Nullable Wanted<S> asked, String facet) {
        S desired = asked == null ? null : asked.desired();
        return desired != null
                && SpecModel.of(recipe.info().spec()).fields().stream().anyMatch(field -> {
                    Slow slow = field.get(Slow.class);
                    String read = slow == null ? field.name() : slow.value();
                    return read.equals(facet) && field.read(desired) != null;
                });
    }

    /** The ARN or id by which the tags are read. */
    private String taggedArn(T item) {
        return has(recipe.arn().apply(item), "ARN");
    }

    private Map<String, String> indexed(Tagging.Reading.Indexed<C> index, T item) {
        String arn = taggedArn(item);
        return scope.tags(
                index.resourceType(),
                arn,
                recipe.id().apply(item),
                desiredTags(item),
                () -> index.read().apply(client, arn));
    }

    private @Nullable Map<String, String> desiredTags(T item) {
        Wanted<S> asked = wanted(item);
        S desired = asked == null ? null : asked.desired();
        return desired == null ? null : DeclaredKind.tags(desired);
    }
}
