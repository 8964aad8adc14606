package dev.holdfast.kind;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.aws.WholeAnswers;
import dev.holdfast.kind.Recipe.Update;
import dev.holdfast.kind.wire.ParameterValues;
import dev.holdfast.kind.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/** The steps of a recipe that change a resource, in the order in which an update sends them. */
abstract sealed class UpdateSteps<C extends SdkClient, T extends SdkPojo, S extends Record> permits RecipeBuilder {
    final Class<S> spec;
    final Map<String, Recipe.Detail<C, T, S>> facets = new LinkedHashMap<>();
    final List<Update<C, S>> updates = new ArrayList<>();

    UpdateSteps(Class<S> spec) {
        this.spec = spec;
    }

    abstract RecipeBuilder<C, T, S> self();

    /** The member that is the physical id. */
    abstract Getter<T, String> id();

    /**
     * Attributes with AWS's names, in a separate facet. An update writes the attributes that differ.
     *
     * @param read reads AWS's list of key and value
     */
    public RecipeBuilder<C, T, S> attributes(
            Getter<S, Map<String, String>> component,
            BiFunction<C, String, List<? extends SdkPojo>> read,
            PartPut<C, Map<String, String>> put) {
        String field = Components.nameOf(component);
        facets.put(slow(field), (scope, c, item) -> Map.of(field, SdkShapes.map(read.apply(c, physicalId(item)))));
        return updates((c, change) -> put.put(c, change.physicalId(), change.differing(component)), Set.of(field));
    }

    private String physicalId(T item) {
        return id().apply(item);
    }

    private String slow(String field) {
        return Objects.requireNonNull(
                        SpecModel.of(spec).field(field).orElseThrow().get(Slow.class), field + " needs @Slow")
                .value();
    }

    /** The facet that reads a component; a component that is not {@code @Slow} is a facet of its own name. */
    String facetOf(String field) {
        return SpecModel.of(spec).field(field).orElseThrow().has(Slow.class) ? slow(field) : field;
    }

    /**
     * The parameters of a group, by name, in a facet that is read only for the resources whose document owns it.
     *
     * @param read reads AWS's list, whose shapes have a parameterName, a parameterValue and a dataType
     * @param write sends the parameters that differ, as many in a call as the service accepts
     */
    public RecipeBuilder<C, T, S> parameters(
            Getter<S, Map<String, String>> component,
            BiFunction<C, String, ? extends Iterable<? extends SdkPojo>> read,
            BiConsumer<C, Change<S>> write) {
        String field = Components.nameOf(component);
        self().facetOfOwners(
                        facetOf(field),
                        (c, item) -> Map.of(field, ParameterValues.of(read.apply(c, physicalId(item)))));
        return updates(write, component);
    }

    /**
     * An optional policy: an update deletes it if the desired value is {@code {}}, and puts every other value.
     *
     * @param read reads the policy's text
     * @param absent the error that reports that no such part exists
     */
    public RecipeBuilder<C, T, S> policy(
            Getter<S, JsonNode> component,
            BiFunction<C, T, String> read,
            Absent absent,
            PartPut<C, String> put,
            BiConsumer<C, String> delete) {
        String field = Components.nameOf(component);
        // A policy that no document owns is not compared, and reading it would cost a request for each resource.
        self().facetOfOwners(
                        slow(field),
                        (c, item) -> Map.of(field, PolicyDocuments.parse(absent.or("{}", () -> read.apply(c, item)))));
        return updates(
                (c, change) -> {
                    JsonNode policy = component.apply(change.spec());
                    if (policy == null || policy.isEmpty()) {
                        delete.accept(c, change.physicalId());
                    } else {
                        put.put(c, change.physicalId(), Objects.requireNonNull(PolicyDocuments.text(policy)));
                    }
                },
                Set.of(field));
    }

    /** Writes a part of the resource with this id: a policy's text, attributes, a configuration. */
    @FunctionalInterface
    public interface PartPut<C, V> {
        void put(C client, String id, V part);
    }

    /**
     * A component that is read by a separate call: as a slow facet if it is {@code @Slow}, else in every pass.
     *
     * @param read reads a shape with the component's members, or the component's value as the service writes it
     * @param absent the error that reports that no such part exists, which then reads as {@code none}
     */
    public <V> RecipeBuilder<C, T, S> facet(
            Getter<S, V> component,
            BiFunction<C, T, ? extends @Nullable Object> read,
            Absent absent,
            @Nullable Object none) {
        SpecModel.Field field =
                SpecModel.of(spec).field(Components.nameOf(component)).orElseThrow();
        return self().facet(
                        facetOf(field.name()),
                        (c, item) -> Collections.singletonMap(
                                field.name(), Wire.value(field, read(absent, none, () -> read.apply(c, item)))));
    }

    private static @Nullable Object read(
            Absent absent, @Nullable Object none, Supplier<? extends @Nullable Object> read) {
        Object found = absent.<Object>orNull(read);
        return found == null ? none : found;
    }

    /**
     * A component with separate calls: an update deletes the part if the desired value is empty, and puts every other
     * value.
     */
    public <V> RecipeBuilder<C, T, S> puts(Getter<S, V> component, PartPut<C, V> put, BiConsumer<C, String> delete) {
        return updates(
                (c, change) -> {
                    V value = Objects.requireNonNull(component.apply(change.spec()));
                    if (Wire.isEmpty(value)) {
                        delete.accept(c, change.physicalId());
                    } else {
                        put.put(c, change.physicalId(), value);
                    }
                },
                Set.of(Components.nameOf(component)));
    }

    /**
     * A call that changes only the members in its request; it is sent if a component that it accepts changes. The
     * request carries the changed components, and those whose observed value equals the desired value, for services
     * that require members together.
     */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> changes(
            Supplier<B> request, BiConsumer<C, R> call) {
        return changes(request, (builder, change) -> {}, call);
    }

    /**
     * The same, with members that belong to no component.
     *
     * @param more sets these members, and the id if its member has another name
     */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> changes(
            Supplier<B> request, BiConsumer<B, Change<S>> more, BiConsumer<C, R> call) {
        Set<String> covered = mutable(request.get());
        return updates(
                (c, change) -> {
                    B builder = Wire.fill(
                            request.get(), change.spec(), name -> covered.contains(name) && change.maySend(name), true);
                    identify(builder, change);
                    more.accept(builder, change);
                    call.accept(c, builder.build());
                },
                covered);
    }

    /**
     * A call that does not change members that its request omits. The request carries only the components that change.
     *
     * @param read reads the resource again, so that nested structures keep members that the spec does not describe;
     *     null: no members are kept
     * @param also components that {@code more} sets, because their members have another name or form
     */
    @SafeVarargs
    public final <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> patches(
            Supplier<B> request,
            @Nullable PointRead<C, T> read,
            BiConsumer<B, Change<S>> more,
            BiConsumer<C, R> call,
            Getter<S, ?>... also) {
        Set<String> covered = mutable(request.get());
        covered.addAll(Components.namesOf(also));
        return patches(request, read, more, call, covered);
    }

    /**
     * The same for a service that does not accept all members in one call: the request carries only those of these
     * components that change.
     */
    @SafeVarargs
    public final <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> patchesOnly(
            Supplier<B> request, BiConsumer<B, Change<S>> more, BiConsumer<C, R> call, Getter<S, ?>... components) {
        return patches(request, null, more, call, Components.namesOf(components));
    }

    private <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> patches(
            Supplier<B> request,
            @Nullable PointRead<C, T> read,
            BiConsumer<B, Change<S>> more,
            BiConsumer<C, R> call,
            Set<String> covered) {
        return updates(
                (c, change) -> {
                    T now = read == null ? null : read.one(c, change.physicalId());
                    B builder = Wire.fill(
                            request.get(),
                            now,
                            change.spec(),
                            name -> covered.contains(name) && change.changed().contains(name),
                            true);
                    identify(builder, change);
                    more.accept(builder, change);
                    call.accept(c, builder.build());
                },
                covered);
    }

    /** One call for each component that changes, in the order of the spec. */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> changesOneByOne(
            Supplier<B> request, BiConsumer<C, R> call) {
        return changesOneByOne(request, call, change -> false);
    }

    /**
     * The same, with an order that depends on the change.
     *
     * @param backwards selects the changes that are sent in the reverse order of the spec
     */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> changesOneByOne(
            Supplier<B> request, BiConsumer<C, R> call, Predicate<Change<S>> backwards) {
        Set<String> covered = mutable(request.get());
        List<String> order = SpecModel.of(spec).fields().stream()
                .map(SpecModel.Field::name)
                .filter(covered::contains)
                .toList();
        return updates(
                (c, change) -> {
                    for (String component : backwards.test(change) ? order.reversed() : order) {
                        if (change.changed().contains(component)) {
                            B builder = Wire.fill(request.get(), change.spec(), component::equals, true);
                            identify(builder, change);
                            call.accept(c, builder.build());
                        }
                    }
                },
                covered);
    }

    private Set<String> mutable(SdkPojo request) {
        Set<String> covered = Wire.covered(spec, request);
        SpecModel.of(spec).fields().stream()
                .filter(f -> f.has(Immutable.class) || f.has(PhysicalName.class))
                .forEach(f -> covered.remove(f.name()));
        return covered;
    }

    private void identify(SdkPojo request, Change<S> change) {
        Wire.set(request, Components.nameOf(id()), change.physicalId());
    }

    /**
     * A call that replaces the whole resource. The request is the resource as read again, with the changed components
     * written over it, so that members that the kind does not offer keep their values.
     *
     * @param read reads the resource again
     */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> overwrites(
            Supplier<B> request, PointRead<C, T> read, BiConsumer<B, Change<S>> more, BiConsumer<C, R> call) {
        Set<String> covered = Wire.covered(spec, request.get());
        return updates(
                (c, change) -> {
                    B builder = request.get();
                    T now = read.one(c, change.physicalId());
                    if (now != null) {
                        SdkShapes.copy(now, builder);
                    }
                    Wire.overlay(builder, change.spec(), change.changed()::contains);
                    identify(builder, change);
                    more.accept(builder, change);
                    call.accept(c, builder.build());
                },
                covered);
    }

    /**
     * Like {@link #overwrites}, but nested structures also keep members that the spec does not describe.
     *
     * @param read reads the resource again
     */
    public <R, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> overlays(
            Supplier<B> request, BiFunction<C, Change<S>, @Nullable T> read, BiConsumer<C, R> call) {
        return updates(
                (c, change) -> {
                    T now = read.apply(c, change);
                    B builder = now == null ? request.get() : SdkShapes.copy(now, request.get());
                    Predicate<String> laid =
                            name -> now == null || change.changed().contains(name);
                    call.accept(
                            c,
                            Wire.fill(builder, now, change.spec(), laid, false).build());
                },
                mutable(request.get()));
    }

    /** The same without a read, for a spec that offers every member of the request: the observed spec is sufficient. */
    public <R extends SdkPojo, B extends SdkPojo & SdkBuilder<B, R>> RecipeBuilder<C, T, S> overlays(
            Supplier<B> request, BiConsumer<C, R> call) {
        return updates(
                (c, change) -> {
                    B builder = Wire.fill(request.get(), change.observed().spec());
                    Wire.fill(builder, builder.build(), change.spec(), change.changed()::contains, false);
                    identify(builder, change);
                    call.accept(c, builder.build());
                },
                mutable(request.get()));
    }

    /** Separate calls for some components, sent if one of these components changes. */
    @SafeVarargs
    public final RecipeBuilder<C, T, S> updates(BiConsumer<C, Change<S>> send, Getter<S, ?>... components) {
        return updates(send, Components.namesOf(components));
    }

    /** The same, only for the changes that {@code due} selects. */
    @SafeVarargs
    public final RecipeBuilder<C, T, S> updatesIf(
            Predicate<Change<S>> due, BiConsumer<C, Change<S>> send, Getter<S, ?>... components) {
        updates.add(new Update<>(Set.copyOf(Components.namesOf(components)), due, send));
        return self();
    }

    /**
     * Separate calls for all components of a configuration: the kind reads it with its version, changes it
     * ({@link Change#over}) and writes it with that version.
     */
    public RecipeBuilder<C, T, S> rewrites(SdkPojo configuration, BiConsumer<C, Change<S>> send) {
        return updates(send, mutable(configuration));
    }

    /**
     * A call for all components of a configuration that has a version: the configuration is read as a whole with its
     * version, and written with the changed components and that version. Fails if the answer has members that this
     * version of the SDK does not know, because the write would delete them.
     */
    public <P extends SdkPojo & ToCopyableBuilder<B, P>, B extends SdkPojo & CopyableBuilder<B, P>>
            RecipeBuilder<C, T, S> rewrites(
                    B configuration, BiFunction<C, String, Versioned<P>> read, PartPut<C, Versioned<P>> call) {
        return rewrites(configuration, (c, change) -> {
            Versioned<P> now = WholeAnswers.read(() -> read.apply(c, change.physicalId()));
            P there = now.configuration();
            P changed = change.over(there, there.toBuilder()).build();
            call.put(c, change.physicalId(), new Versioned<>(changed, now.version()));
        });
    }

    private RecipeBuilder<C, T, S> updates(BiConsumer<C, Change<S>> send, Set<String> components) {
        updates.add(new Update<>(Set.copyOf(components), change -> true, send));
        return self();
    }
}
