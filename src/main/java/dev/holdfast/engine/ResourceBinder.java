package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.ImageName;
import dev.holdfast.desired.Reference;
import dev.holdfast.desired.References;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Marker;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PhysicalNames;
import dev.holdfast.kind.SharedJson;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds documents to the spec records of their kinds: resolves references from observed outputs, generates names and
 * adds tags. Caches the results, because most of them stay the same. Used by one thread.
 */
final class ResourceBinder {
    private final KindCatalog catalog;
    private final StackRef stack;
    private final Map<String, String> stackTags;
    private final Function<ResourceId, Map<String, Object>> outputs;
    private final Function<ImageName, ImageDigests.@Nullable DigestAnswer> images;
    private final Map<ResourceId, BoundDocument> bound = new HashMap<>();

    /** @param used the outputs with which the document was bound; null: an output was not known then */
    private record BoundDocument(ManagedResource<?> resource, Map<Reference, @Nullable Object> used) {}

    /**
     * @param outputs returns the last observed outputs of a resource; empty if the resource does not exist
     * @param images returns the known digest of an image in this pass
     */
    ResourceBinder(
            KindCatalog catalog,
            StackRef stack,
            Map<String, String> stackTags,
            Function<ResourceId, Map<String, Object>> outputs,
            Function<ImageName, ImageDigests.@Nullable DigestAnswer> images) {
        this.catalog = catalog;
        this.stack = stack;
        this.stackTags = stackTags;
        this.outputs = outputs;
        this.images = images;
    }

    /** Binds all desired resources, and all recorded resources that are no longer desired. */
    Map<ResourceId, ManagedResource<?>> bindAll(Revision revision, StackState state) {
        bound.keySet().retainAll(revision.resources().keySet());
        Map<ResourceId, ManagedResource<?>> managed = new TreeMap<>();
        for (DesiredResource desired : revision.resources().values()) {
            managed.put(desired.id(), bind(catalog.get(desired.id().kind()), desired, state.record(desired.id())));
        }
        for (ResourceRecord record : state.records()) {
            Kind<?> kind = catalog.find(record.id().kind());
            if (kind != null && !managed.containsKey(record.id())) {
                managed.put(record.id(), undesired(kind, record.id(), record));
            }
        }
        return managed;
    }

    /** An exception of a kind's spec affects that resource alone. */
    private <S extends Record> ManagedResource<S> bind(
            Kind<S> kind, DesiredResource desired, @Nullable ResourceRecord record) {
        try {
            return desired(kind, desired, record);
        } catch (RuntimeException e) {
            String region = desired.region() == null ? stack.region() : desired.region();
            Fault fault = Faults.classify(e, List.of());
            return new ManagedResource<>(
                    desired.id(), kind, region, desired, null, null, null, false, PinnedImages.NONE, record, fault);
        }
    }

    <S extends Record> ManagedResource<S> undesired(Kind<S> kind, ResourceId id, @Nullable ResourceRecord record) {
        String region = record == null || record.region() == null ? stack.region() : record.region();
        return new ManagedResource<>(id, kind, region, null, null, null, null, false, PinnedImages.NONE, record, null);
    }

    private <S extends Record> ManagedResource<S> desired(
            Kind<S> kind, DesiredResource desired, @Nullable ResourceRecord record) {
        BoundDocument former = bound.get(desired.id());
        ManagedResource<?> last = former != null && former.resource().desired() == desired ? former.resource() : null;
        if (former != null && last != null && last.images().equals(PinnedImages.NONE) && usesTheSame(former)) {
            return cast(kind, last).withRecord(record);
        }
        KindInfo<S> info = kind.info();
        SpecModel model = SpecModel.of(info.spec());
        String region = desired.region() == null ? stack.region() : desired.region();
        ObjectNode spec = References.resolve(desired.spec(), this::output);
        PinnedImages pins = PinnedImages.pin(info.spec(), spec, images);
        model.with(TagMap.class).ifPresent(field -> addTags(spec, field.name(), desired.id()));
        model.with(Marker.class).ifPresent(field -> mark(spec, field, desired.id()));
        String name = null;
        boolean fixed = false;
        Field nameField = model.with(PhysicalName.class).orElse(null);
        if (nameField != null) {
            fixed = spec.has(nameField.name());
            name = fixed
                    ? spec.get(nameField.name()).asText()
                    : generated(info, model, nameField, region, desired.id(), spec);
            if (Unresolved.is(name)) {
                name = null;
            } else if (!fixed && name != null) {
                spec.put(nameField.name(), name);
            }
        }
        Map<Reference, @Nullable Object> used = used(
                former == null || last == null
                        ? References.in(desired.spec())
                        : former.used().keySet());
        if (last != null && spec.equals(last.resolved()) && pins.equals(last.images())) {
            bound.put(desired.id(), new BoundDocument(last, used));
            return cast(kind, last).withRecord(record);
        }
        Specs.Bound<S> whole = Specs.bind(info.spec(), spec);
        if (info.key() != null) {
            name = info.key().apply(whole.spec());
            name = name == null || Unresolved.is(name) ? null : name;
            fixed = true;
        }
        ManagedResource<S> managed = new ManagedResource<>(
                desired.id(),
                kind,
                region,
                desired,
                whole,
                shared(spec, desired, record),
                name,
                fixed,
                pins,
                record,
                null);
        bound.put(desired.id(), new BoundDocument(managed, used));
        return managed;
    }

    private static ObjectNode shared(ObjectNode spec, DesiredResource desired, @Nullable ResourceRecord record) {
        return (ObjectNode) SharedJson.of(spec, desired.spec(), record == null ? null : record.applied());
    }

    @SuppressWarnings("unchecked") // the resources of one id are of one kind
    private static <S extends Record> ManagedResource<S> cast(Kind<S> kind, ManagedResource<?> resource) {
        return (ManagedResource<S>) resource;
    }

    private @Nullable String generated(
            KindInfo<?> info, SpecModel model, Field nameField, String region, ResourceId id, ObjectNode spec) {
        Map<String, JsonNode> immutable = new TreeMap<>();
        for (Field field : model.fields()) {
            JsonNode value = spec.get(field.name());
            if (field.has(Immutable.class) && value != null) {
                if (value.toString().contains(Unresolved.of("").substring(0, 5))) {
                    return null;
                }
                immutable.put(field.name(), value);
            }
        }
        PhysicalName rule = Objects.requireNonNull(nameField.get(PhysicalName.class));
        return PhysicalNames.generate(
                stack.installation(), stack.stack(), region, id, info, PhysicalNames.Rule.of(rule), immutable);
    }

    private void addTags(ObjectNode spec, String field, ResourceId id) {
        ObjectNode tags = JsonNodeFactory.instance.objectNode();
        stackTags.forEach(tags::put);
        if (spec.get(field) instanceof ObjectNode declared) {
            tags.setAll(declared);
        }
        new TreeMap<>(stack.ownershipTags(id)).forEach(tags::put);
        spec.set(field, tags);
    }

    /** Whether every output that a document uses is the same as when it was bound. */
    private boolean usesTheSame(BoundDocument former) {
        return former.used().entrySet().stream()
                .allMatch(e -> Objects.equals(e.getValue(), value(catalog, outputs, e.getKey())));
    }

    private Map<Reference, @Nullable Object> used(Set<Reference> references) {
        Map<Reference, @Nullable Object> used = new HashMap<>();
        references.forEach(r -> used.put(r, value(catalog, outputs, r)));
        return used;
    }

    /** Appends the ownership to the text of the document. Together they must not exceed the limit of the field. */
    private void mark(ObjectNode spec, Field field, ResourceId id) {
        String marker = stack.marker(id);
        String words = spec.path(field.name()).asText("").strip();
        int room = Objects.requireNonNull(field.get(Marker.class)).max() - marker.length() - 1;
        if (words.length() > Math.max(room, 0)) {
            throw new IllegalArgumentException("/" + field.name() + ": expected at most " + Math.max(room, 0)
                    + " characters, because Holdfast appends " + marker + "; found " + words.length() + ": shorten"
                    + " the text");
        }
        spec.put(field.name(), words.isEmpty() ? marker : words + " " + marker);
    }

    private @Nullable JsonNode output(Reference reference) {
        return output(catalog, outputs, reference);
    }

    /** Null if it is not known. */
    static @Nullable JsonNode output(
            KindCatalog catalog, Function<ResourceId, Map<String, Object>> outputs, Reference reference) {
        Object value = value(catalog, outputs, reference);
        return value == null ? null : Specs.json(value);
    }

    private static @Nullable Object value(
            KindCatalog catalog, Function<ResourceId, Map<String, Object>> outputs, Reference reference) {
        Kind<?> kind = catalog.find(reference.resource().kind());
        if (kind == null) {
            return null;
        }
        String name = reference.output() == null ? kind.info().defaultOutput() : reference.output();
        return outputs.apply(reference.resource()).get(name);
    }
}
