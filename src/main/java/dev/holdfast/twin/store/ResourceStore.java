package dev.holdfast.twin.store;

import dev.holdfast.aws.SdkShapes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The resources of one type in a twin, by id, in the order of their creation: shapes of the SDK, their tags and their
 * attributes.
 *
 * <p>A store has two views. The twin's own rules see every resource; a caller sees a resource only
 * {@link Delay#VISIBLE} after its creation, in the form that {@link #shows} gives to the resource.
 *
 * <p>The twin of a service declares its stores ({@link TwinContext#store} and the methods that return the store). Its
 * own code handles only behaviour that the store cannot derive: defaults, refusals and changes over time.
 */
public final class ResourceStore<
        T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>> {
    private final TwinContext context;
    private final Supplier<B> builder;
    private final Function<T, String> id;
    private final Map<String, StoredResource<T>> resources = new LinkedHashMap<>();
    private Function<T, String> name;
    private Function<T, String> arn;
    private String type = "";
    private int largestPage = 1000;
    private int usualPage = 1000;
    private Function<String, AwsServiceException> missing =
            missed -> TwinErrors.refused("ResourceNotFoundException", missed + " does not exist");
    private BiConsumer<StoredResource<T>, B> view = (resource, shown) -> {};
    private Function<StoredResource<T>, String> detail = ResourceStore::whole;
    private TagRules tagRules = (more, after) -> {};

    ResourceStore(TwinContext context, Supplier<B> builder, Function<T, String> id) {
        this.context = context;
        this.builder = builder;
        this.id = id;
        this.name = id;
        this.arn = id;
    }

    /** @param value the type in the format of the tagging API: {@code ec2:vpc} */
    public ResourceStore<T, B> type(String value) {
        type = value;
        return this;
    }

    /** By default, the id is the ARN. */
    public ResourceStore<T, B> arn(Function<T, String> value) {
        arn = value;
        return this;
    }

    /** A second name by which {@link #visible(Collection, Collection)} finds a resource. */
    public ResourceStore<T, B> name(Function<T, String> value) {
        name = value;
        return this;
    }

    /** The error for a call that names a missing resource; the function receives the id or name in the call. */
    public ResourceStore<T, B> missing(Function<String, AwsServiceException> error) {
        missing = error;
        return this;
    }

    public ResourceStore<T, B> pages(int size) {
        return pages(size, size);
    }

    /** @param usual the page size if the request sets none */
    public ResourceStore<T, B> pages(int largest, int usual) {
        largestPage = largest;
        usualPage = usual;
        return this;
    }

    /** The text that the inventory shows for the state of a resource; the default is its shape and its attributes. */
    public ResourceStore<T, B> detail(Function<StoredResource<T>, String> text) {
        detail = text;
        return this;
    }

    public ResourceStore<T, B> tagRules(TagRules rules) {
        tagRules = rules;
        return this;
    }

    /**
     * Sets members that the store does not keep but callers see: a state that changes with time, tags, uses by others.
     */
    public ResourceStore<T, B> shows(BiConsumer<StoredResource<T>, B> members) {
        view = view.andThen(members);
        return this;
    }

    /** Declares that the service returns tags as members of the shape. */
    public ResourceStore<T, B> showsTags() {
        return shows((resource, shown) -> TwinTags.show(resource.tags(), shown));
    }

    /**
     * Creates a resource with the tags of the request and with all members that the request and the shape share.
     *
     * @param more sets the other members; runs before anything is stored
     */
    public T create(SdkPojo request, Consumer<B> more) {
        B made = SdkShapes.copy(request, builder.get());
        more.accept(made);
        return add(made.build(), TwinTags.in(request));
    }

    public T add(T shape, Map<String, String> tags) {
        Map<String, String> checked = new TreeMap<>();
        TwinTags.put(checked, tags, tagRules);
        put(shape).tags().putAll(checked);
        return shape;
    }

    /** Creates the resource, or replaces the shape of the resource with the same id. */
    public StoredResource<T> put(T shape) {
        StoredResource<T> resource = resources.computeIfAbsent(
                id.apply(shape), key -> new StoredResource<>(key, shape, context.now(), tagRules));
        resource.shape(shape);
        return resource;
    }

    /** Copies the members that the request sets into the resource, where the shape has the same members. */
    public T modify(@Nullable String key, SdkPojo request) {
        return change(key, shape -> SdkShapes.copy(request, shape));
    }

    public T change(@Nullable String key, Consumer<B> change) {
        B changed = need(key).toBuilder();
        change.accept(changed);
        return put(changed.build()).shape();
    }

    /** Removes a resource; throws the service's error if there is none. */
    public T delete(@Nullable String key) {
        T gone = need(key);
        remove(key);
        return gone;
    }

    /** Removes a resource if it exists. @return whether it existed */
    public boolean remove(@Nullable String key) {
        return resources.remove(key) != null;
    }

    /** The resource, visible or not; null if it does not exist. */
    public @Nullable T get(@Nullable String key) {
        StoredResource<T> resource = resources.get(key);
        return resource == null ? null : resource.shape();
    }

    public boolean has(@Nullable String key) {
        return resources.containsKey(key);
    }

    /** The resource, visible or not; throws the service's error if it does not exist. */
    public T need(@Nullable String key) {
        return stored(key).shape();
    }

    /** The resource with its tags and attributes, visible or not; throws the service's error if it does not exist. */
    public StoredResource<T> stored(@Nullable String key) {
        StoredResource<T> resource = resources.get(key);
        if (resource == null) {
            throw missing.apply(String.valueOf(key));
        }
        return resource;
    }

    /** The resource as it is stored; throws the service's error if it is not visible to callers. */
    public StoredResource<T> seen(@Nullable String key) {
        StoredResource<T> resource = stored(key);
        if (!isVisible(resource)) {
            throw missing.apply(String.valueOf(key));
        }
        return resource;
    }

    /** Whether callers see a resource with this id. */
    public boolean sees(@Nullable String key) {
        StoredResource<T> resource = resources.get(key);
        return resource != null && isVisible(resource);
    }

    private boolean isVisible(StoredResource<T> resource) {
        return context.passed(Delay.VISIBLE, resource.createdAt());
    }

    public Collection<String> ids() {
        return List.copyOf(resources.keySet());
    }

    /** All shapes as they are stored, visible or not. */
    public List<T> all() {
        List<T> shapes = new ArrayList<>();
        resources.values().forEach(r -> shapes.add(r.shape()));
        return shapes;
    }

    public Stream<T> stream() {
        return all().stream();
    }

    /** The shape as callers see it. */
    public T shown(T shape) {
        return shown(stored(id.apply(shape)));
    }

    /** The resource as callers see it, visible or not; throws the service's error if it does not exist. */
    public T shown(@Nullable String key) {
        return shown(stored(key));
    }

    private T shown(StoredResource<T> resource) {
        B shown = resource.shape().toBuilder();
        view.accept(resource, shown);
        return shown.build();
    }

    /** All resources that callers see, as they see them. */
    public Stream<T> visible() {
        return List.copyOf(resources.values()).stream().filter(this::isVisible).map(this::shown);
    }

    /** The resources with these ids; see {@link #visible(Collection, Collection)}. */
    public Stream<T> visible(Collection<String> ids) {
        return visible(ids, List.of());
    }

    /**
     * The resources with these ids and names; an empty list selects all. Throws the service's error for an invisible
     * one.
     */
    public Stream<T> visible(Collection<String> ids, Collection<String> names) {
        List<T> seen = visible().toList();
        need(seen, ids, id);
        need(seen, names, name);
        return seen.stream()
                .filter(shape -> ids.isEmpty() || ids.contains(id.apply(shape)))
                .filter(shape -> names.isEmpty() || names.contains(name.apply(shape)));
    }

    /**
     * The resources whose members equal the single-valued members of the request that both have, such as a VPC's id.
     */
    public Stream<T> matching(SdkPojo request) {
        Map<SdkField<?>, Object> wanted = new HashMap<>();
        T sample = builder.get().build();
        for (SdkField<?> field : request.sdkFields()) {
            SdkField<?> member = SdkShapes.member(sample, field.memberName());
            Object value = field.getValueOrDefault(request);
            if (member != null && value != null && !(value instanceof Collection) && !(value instanceof Map)) {
                wanted.put(member, value);
            }
        }
        return visible()
                .filter(shape -> wanted.entrySet().stream()
                        .allMatch(e -> e.getValue().equals(e.getKey().getValueOrDefault(shape))));
    }

    private void need(List<T> seen, Collection<String> wanted, Function<T, String> by) {
        List<String> there =
                wanted.isEmpty() ? List.of() : seen.stream().map(by).toList();
        for (String one : wanted) {
            if (!there.contains(one)) {
                throw missing.apply(one);
            }
        }
    }

    /** Returns one page of the resources, or of a view of each; see {@link TwinContext#page}. */
    public <R extends SdkPojo & SdkBuilder<R, A>, A> A page(SdkPojo request, R response, Stream<?> selected) {
        return context.page(request, response, selected.toList(), largestPage, usualPage);
    }

    public Map<String, String> tags(@Nullable String key) {
        StoredResource<T> resource = resources.get(key);
        return resource == null ? Map.of() : resource.tags();
    }

    public void tag(@Nullable String key, Map<String, String> more) {
        stored(key).tag(more);
    }

    public void untag(@Nullable String key, Collection<String> keys) {
        stored(key).untag(keys);
    }

    /** The resources with this ARN, visible or not. */
    public Stream<StoredResource<T>> withArn(@Nullable String wanted) {
        return List.copyOf(resources.values()).stream()
                .filter(r -> arn.apply(r.shape()).equals(wanted));
    }

    /** The resource of these stores that callers see and that has this ARN, as it is stored. */
    public static StoredResource<?> seenWithArn(
            @Nullable String wanted, Supplier<AwsServiceException> missing, ResourceStore<?, ?>... stores) {
        return Stream.of(stores)
                .flatMap(store -> store.withArn(wanted).filter(one -> store.sees(one.id())))
                .findFirst()
                .orElseThrow(missing);
    }

    /** Everything in these stores, for the inventory of the twin. */
    public static List<TwinItem> items(ResourceStore<?, ?>... stores) {
        return Stream.of(stores).flatMap(store -> store.items().stream()).toList();
    }

    /** Everything in the store, for the inventory of the twin. */
    public List<TwinItem> items() {
        return resources.values().stream()
                .map(r -> new TwinItem(type, r.id(), arn.apply(r.shape()), Map.copyOf(r.tags()), detail.apply(r)))
                .toList();
    }

    /** The shape and the attributes as a text. */
    public static String whole(StoredResource<?> resource) {
        return resource.attributes().isEmpty() ? resource.text() : resource.text() + " " + resource.attributes();
    }
}
