package dev.holdfast.kind;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Recipe.Creation;
import dev.holdfast.kind.Recipe.Facet;
import dev.holdfast.kind.Recipe.State;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Fault;
import dev.holdfast.model.SupportEnd;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Builds a {@link Recipe}. An update sends the calls in the order in which they are declared. */
public final class RecipeBuilder<C extends SdkClient, T extends SdkPojo, S extends Record>
        extends UpdateSteps<C, T, S> {
    private final KindInfo.Builder<S> info;
    private final Class<C> client;
    private final Listing<C, T> listing;
    private @Nullable Getter<T, String> id;
    private @Nullable Function<T, String> name;
    private @Nullable BiPredicate<S, T> within;
    private @Nullable Function<T, String> arn;
    private @Nullable BiPredicate<S, T> place;
    private Tagging<C> tagging;
    private final Map<String, Function<T, @Nullable Object>> fixed = new LinkedHashMap<>();
    private Recipe.Detail<C, T, S> detail = (scope, c, item) -> Map.of();
    private final Set<String> facetsOfOwners = new TreeSet<>();
    private final Map<String, Function<T, @Nullable Object>> outputs = new LinkedHashMap<>();
    private State<T, S> state = (known, item, desired) -> known;
    private @Nullable Creation<C, S> creation;
    private @Nullable BiConsumer<C, Observed<S>> deletion;
    private @Nullable BiConsumer<C, Observed<S>> restart;
    private final List<Recipe.Strays<C, T>> strays = new ArrayList<>();
    private Recipe.Support<C, T> support = new Recipe.Support<>(item -> null, (c, item) -> null);

    RecipeBuilder(Recipe.Start<C, S> start, Listing<C, T> listing) {
        super(start.spec());
        this.info = start.info();
        this.client = start.client();
        this.listing = listing;
        this.tagging = SpecModel.of(start.spec()).with(Marker.class).isPresent() ? Tagging.marked() : Tagging.none();
    }

    @Override
    RecipeBuilder<C, T, S> self() {
        return this;
    }

    @Override
    Getter<T, String> id() {
        return Objects.requireNonNull(id, "id comes before the calls that need it");
    }

    /** The member that is the physical id; requests that act on one resource have a member of the same name. */
    public RecipeBuilder<C, T, S> id(Getter<T, String> member) {
        id = member;
        return this;
    }

    /** The member that is the name in AWS. */
    public RecipeBuilder<C, T, S> name(Function<T, String> member) {
        name = member;
        return this;
    }

    /** The member that is both the physical id and the name in AWS. */
    public RecipeBuilder<C, T, S> named(Getter<T, String> member) {
        return id(member).name(member);
    }

    /**
     * Whether an item has the parent that a desired spec names, for kinds whose names are unique only within a parent,
     * or that have no names. If the kind has no tags either, items that are not wanted are omitted.
     */
    public RecipeBuilder<C, T, S> within(BiPredicate<S, T> rule) {
        within = rule;
        return this;
    }

    /** The ARN or id by which the tags are read, if it is not the physical id. */
    public RecipeBuilder<C, T, S> arn(Function<T, String> member) {
        arn = member;
        return this;
    }

    /**
     * Whether an item occupies the place of a desired resource, such as a port: the item is then observed even if it
     * has another owner. For resources without names; a component of the desired spec may be {@link Unresolved}.
     */
    public RecipeBuilder<C, T, S> place(BiPredicate<S, T> same) {
        place = same;
        return this;
    }

    public RecipeBuilder<C, T, S> tags(Tagging<C> service) {
        tagging = service;
        return this;
    }

    /** Computes a component that has no member of its name in the shape. */
    public <V> RecipeBuilder<C, T, S> reads(Getter<S, V> component, Function<T, ? extends @Nullable Object> value) {
        fixed.put(Components.nameOf(component), value::apply);
        return this;
    }

    /** A call for each item in every pass, for lists that return only ids. */
    public RecipeBuilder<C, T, S> detail(Recipe.Detail<C, T, S> read) {
        detail = read;
        return this;
    }

    /** A slow facet that is read by a separate call. Its name is that of the {@code @Slow} of its components. */
    public RecipeBuilder<C, T, S> facet(String facet, Facet<C, T> read) {
        facets.put(facet, (scope, c, item) -> read.read(c, item));
        return this;
    }

    /**
     * A facet that is read only for resources whose document owns a component of the facet, or the component of its
     * name.
     */
    public RecipeBuilder<C, T, S> facetOfOwners(String facet, Facet<C, T> read) {
        return facetOfOwners(facet, (scope, c, item) -> read.read(c, item));
    }

    /** The same for a facet of one component. */
    public <V> RecipeBuilder<C, T, S> facetOfOwners(
            Getter<S, V> component, BiFunction<C, T, ? extends @Nullable V> read) {
        String field = Components.nameOf(component);
        return facetOfOwners(facetOf(field), (c, item) -> Collections.singletonMap(field, read.apply(c, item)));
    }

    /** The same for a read from another service: the scope supplies that service's client. */
    public RecipeBuilder<C, T, S> facetOfOwners(String facet, Recipe.Detail<C, T, S> read) {
        facetsOfOwners.add(facet);
        facets.put(facet, read);
        return this;
    }

    /** An output whose value a facet or the detail returns under this name. */
    public RecipeBuilder<C, T, S> output(String output, String meaning) {
        info.output(output, meaning);
        return this;
    }

    /** The first output that is added is the default output. */
    public RecipeBuilder<C, T, S> output(String output, String meaning, Function<T, ? extends @Nullable Object> value) {
        info.output(output, meaning);
        outputs.put(output, value::apply);
        return this;
    }

    /** Adds phase, health, rollout and time of creation to the observation. */
    public RecipeBuilder<C, T, S> state(BiFunction<Observation.Known<S>, T, Observation.Known<S>> rule) {
        return state((known, item, desired) -> rule.apply(known, item));
    }

    /** The same, with a rule that depends on the desired spec. */
    public RecipeBuilder<C, T, S> state(State<T, S> rule) {
        state = rule;
        return this;
    }

    /**
     * The creating call, whose answer contains the id, or the new resource with its id; its request carries every owned
     * field that it has a member for, the tags and the client token.
     */
    public <R, A extends SdkPojo, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> creates(
            Supplier<B> request, BiFunction<C, R, A> call) {
        return creates(request, (builder, desired) -> {}, call);
    }

    /** The same; {@code more} sets the members of the request that belong to no component. */
    public <R, A extends SdkPojo, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> creates(
            Supplier<B> request, BiConsumer<B, Desired<S>> more, BiFunction<C, R, A> call) {
        return creates(request, more, call, this::idIn);
    }

    private String idIn(SdkPojo answer) {
        Object found = SdkShapes.find(answer, Components.nameOf(id()));
        return (String) Objects.requireNonNull(found, "the id in the answer");
    }

    private <R, A, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> creates(
            Supplier<B> request, BiConsumer<B, Desired<S>> more, BiFunction<C, R, A> call, Function<A, String> newId) {
        return creates((c, desired, token, service) -> {
            B builder = Wire.fill(request.get(), desired.spec());
            SdkShapes.token(builder, token);
            SpecModel.of(spec).with(TagMap.class).ifPresent(tags -> {
                if (tags.read(desired.spec()) instanceof Map<?, ?> map) {
                    service.send(builder, map);
                }
            });
            more.accept(builder, desired);
            return newId.apply(call.apply(c, builder.build()));
        });
    }

    /** A creating call whose answer does not contain the id, because the name is the id. */
    public <R, A, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> createsNamed(
            Supplier<B> request, BiFunction<C, R, A> call) {
        return createsNamed(request, (builder, desired) -> {}, call);
    }

    /** The same; {@code more} sets the members of the request that belong to no component. */
    public <R, A, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> createsNamed(
            Supplier<B> request, BiConsumer<B, Desired<S>> more, BiFunction<C, R, A> call) {
        SpecModel.Field named = SpecModel.of(spec).with(PhysicalName.class).orElseThrow();
        return createsIdentified(request, more, call, desired -> (String) named.read(desired));
    }

    /** A creating call whose answer does not contain the id, because components of the spec form the id. */
    public <R, A, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> createsIdentified(
            Supplier<B> request, BiFunction<C, R, A> call, Function<S, @Nullable String> id) {
        return createsIdentified(request, (builder, desired) -> {}, call, id);
    }

    private <R, A, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> createsIdentified(
            Supplier<B> request,
            BiConsumer<B, Desired<S>> more,
            BiFunction<C, R, A> call,
            Function<S, @Nullable String> id) {
        creates(request, more, call, answer -> "");
        Creation<C, S> nameless = Objects.requireNonNull(creation);
        return creates((c, desired, token, service) -> {
            String name = Objects.requireNonNull(id.apply(desired.spec()), "the name in AWS");
            nameless.create(c, desired, token, service);
            return name;
        });
    }

    public RecipeBuilder<C, T, S> creates(Creation<C, S> call) {
        creation = call;
        return this;
    }

    /**
     * Another creating call (a restore), for a document that sets the component. An update sends the fields that its
     * request does not accept.
     *
     * @param from the component that names the source of the restore
     */
    public <R, A extends SdkPojo, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> restores(
            Getter<S, ?> from, Supplier<B> request, BiConsumer<B, Desired<S>> more, BiFunction<C, R, A> call) {
        Creation<C, S> usual = Objects.requireNonNull(creation, "creates comes before restores");
        creates(request, more, call);
        Creation<C, S> restore = Objects.requireNonNull(creation);
        return creates((c, desired, token, service) ->
                (from.apply(desired.spec()) == null ? usual : restore).create(c, desired, token, service));
    }

    /**
     * Finds the end of AWS's support, once a day for all items that run the same version.
     *
     * @param what names the version that an item runs; null from it: support has no end
     */
    public RecipeBuilder<C, T, S> supports(
            Function<T, @Nullable String> what, BiFunction<C, T, @Nullable SupportEnd> read) {
        support = new Recipe.Support<>(what, read);
        return this;
    }

    /**
     * Objects that may be attached to an item and have no kind, or that AWS lists only by parent. A search for orphans
     * reads them, and reports as Unexpected each object that no resource explains.
     *
     * @param what the kind of the objects, or AWS's word for them
     */
    public RecipeBuilder<C, T, S> strays(String what, Recipe.StrayRead<C, T> read) {
        strays.add(new Recipe.Strays<>(what, read));
        return this;
    }

    /** The deleting call, by the physical id. */
    public RecipeBuilder<C, T, S> deletes(BiConsumer<C, String> call) {
        return deletesObserved((c, observed) -> call.accept(c, observed.physicalId()));
    }

    /** The deleting call, whose request takes its members from the observed spec. */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> deletes(
            Supplier<B> request, BiConsumer<C, R> call) {
        return deletesObserved((c, observed) ->
                call.accept(c, Wire.fill(request.get(), observed.spec()).build()));
    }

    /** The deleting call of a configuration that has a version. */
    public RecipeBuilder<C, T, S> deletes(BiFunction<C, String, ? extends Versioned<?>> read, PartPut<C, String> call) {
        return deletes((c, id) -> call.put(c, id, read.apply(c, id).version()));
    }

    /** The next call of the deletion. */
    public RecipeBuilder<C, T, S> deletesObserved(BiConsumer<C, Observed<S>> call) {
        deletion = call;
        return this;
    }

    /** The call that requests a restart, by the physical id. */
    public RecipeBuilder<C, T, S> restarts(BiConsumer<C, String> call) {
        restart = (c, observed) -> call.accept(c, observed.physicalId());
        return this;
    }

    public RecipeBuilder<C, T, S> fault(String code, Fault.Category category) {
        info.fault(FaultRule.of(code, category));
        return this;
    }

    public RecipeBuilder<C, T, S> fault(String code, String fragment, Fault.Category category) {
        info.fault(FaultRule.of(code, fragment, category));
        return this;
    }

    /** A member of AWS's create request that the spec does not offer, with the reason. */
    public RecipeBuilder<C, T, S> leavesOut(String member, String why) {
        info.leavesOut(member, why);
        return this;
    }

    public RecipeBuilder<C, T, S> permissions(Permissions all) {
        info.permissions(all);
        return this;
    }

    /** Sets other properties of the kind, such as stateful, global or versioned. */
    public RecipeBuilder<C, T, S> info(java.util.function.Consumer<KindInfo.Builder<S>> more) {
        more.accept(info);
        return this;
    }

    /** AWS's page of the creating call, which ends the recipe. */
    public Recipe<C, T, S> page(String url) {
        Function<T, String> physical = id();
        return new Recipe<>(
                info.page(url).build(),
                client,
                listing,
                physical,
                name,
                within,
                arn == null ? physical : arn,
                place,
                tagging,
                Map.copyOf(fixed),
                detail,
                Map.copyOf(facets),
                Set.copyOf(facetsOfOwners),
                java.util.Collections.unmodifiableMap(outputs),
                state,
                Objects.requireNonNull(creation, "creates"),
                List.copyOf(updates),
                Objects.requireNonNull(deletion, "deletes"),
                restart,
                support,
                List.copyOf(strays));
    }
}
