package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Band;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Fault;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.OmittedElements;
import dev.holdfast.plan.Withdrawals;
import dev.holdfast.state.ResourceRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One resource of a stack, with its desired side bound to the record of its kind.
 *
 * @param desired null when it is no longer desired
 * @param bound null when it is no longer desired
 * @param resolved the spec with references resolved as far as they go; null when it is no longer desired
 * @param physicalName the desired name in AWS, or null if the kind has none or a reference in it is not resolved yet
 * @param nameFixed whether the document chose the name
 * @param images the images whose tags have to be resolved for this spec
 * @param unbound the unexpected exception of the kind that prevented the binding of the document, or null
 */
record ManagedResource<S extends Record>(
        ResourceId id,
        Kind<S> kind,
        String region,
        @Nullable DesiredResource desired,
        Specs.@Nullable Bound<S> bound,
        @Nullable ObjectNode resolved,
        @Nullable String physicalName,
        boolean nameFixed,
        PinnedImages images,
        @Nullable ResourceRecord record,
        @Nullable Fault unbound) {

    /** The same resource with its present record. */
    ManagedResource<S> withRecord(@Nullable ResourceRecord now) {
        return now == record
                ? this
                : new ManagedResource<>(
                        id, kind, region, desired, bound, resolved, physicalName, nameFixed, images, now, unbound);
    }

    /** The spec as last applied; null if an older version of Holdfast recorded it in another form. */
    @Nullable
    S applied() {
        return record == null ? null : recorded(record.applied());
    }

    /** The elements that grant access and that updates since then have left in place; null: none. */
    @Nullable
    S granted() {
        return record == null ? null : recorded(record.granted());
    }

    /** The spec to record as applied when the observed one shows no difference. */
    S appliedInSync(Known<?> known) {
        Specs.Bound<S> desired = Objects.requireNonNull(bound);
        return desired.partial().isEmpty()
                ? desired.spec()
                : OmittedElements.applied(desired, kind.info().spec().cast(known.spec()), applied());
    }

    private @Nullable S recorded(@Nullable JsonNode spec) {
        if (spec == null) {
            return null;
        }
        try {
            return Specs.read(kind.info().spec(), spec);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The basis on which a change of the resource is divided into what it grants and what it withdraws. */
    Withdrawals<S> withdrawals(Known<?> known) {
        S observed = kind.info().spec().cast(known.spec());
        return Withdrawals.concern(kind.info().spec())
                ? new Withdrawals<>(observed, applied(), granted())
                : new Withdrawals<>(observed, null, null);
    }

    /** The same resource, with the access of former revisions that is still in place. */
    ManagedResource<S> beforeWithdrawal(Known<?> known) {
        return bound == null ? this : desiring(withdrawals(known).interim(bound.spec(), bound.unresolved()));
    }

    /** The same resource, with these components as they were last applied, so that their values are known. */
    ManagedResource<S> asApplied(Set<String> components) {
        S last = components.isEmpty() ? null : applied();
        if (last == null || bound == null) {
            return this;
        }
        SpecModel model = SpecModel.of(kind.info().spec());
        Object[] values = model.fields().stream()
                .map(field -> field.read(components.contains(field.name()) ? last : bound.spec()))
                .toArray();
        Set<String> unresolved = new HashSet<>(bound.unresolved());
        unresolved.removeAll(components);
        Map<String, List<JsonNode>> partial = new HashMap<>(bound.partial());
        partial.keySet().removeAll(components);
        return desiring(new Specs.Bound<>(kind.info().spec().cast(model.make(values)), unresolved, partial));
    }

    /**
     * The same resource with the values of the difference where these are not the document's: the nearest bound in the
     * place of a number outside the bounds that another resource sets, and a policy of which a part is not known yet
     * together with the statements that stay.
     */
    ManagedResource<S> asPlanned(Diff diff) {
        if (bound == null) {
            return this;
        }
        S spec = bound.spec();
        for (Field field : SpecModel.of(kind.info().spec()).fields()) {
            for (FieldChange change : diff.changes()) {
                boolean planned = field.has(Band.class)
                        || (field.has(PolicyDocument.class) && bound.partial().containsKey(field.name()));
                if (planned && change.path().equals("/" + field.name()) && change.desired() != null) {
                    ObjectNode document = (ObjectNode) Specs.json(spec);
                    spec = Specs.read(kind.info().spec(), document.set(field.name(), change.desired()));
                }
            }
        }
        return desiring(spec);
    }

    private ManagedResource<S> desiring(S spec) {
        if (bound == null || spec == bound.spec()) {
            return this;
        }
        return desiring(new Specs.Bound<>(spec, bound.unresolved(), bound.partial()));
    }

    private ManagedResource<S> desiring(Specs.Bound<S> other) {
        return new ManagedResource<>(
                id, kind, region, desired, other, resolved, physicalName, nameFixed, images, record, unbound);
    }

    /** A keyed hash of the whole desired spec; empty if the resource is no longer desired. */
    String desiredDigest(UnaryOperator<String> hasher) {
        return resolved == null ? "" : hasher.apply(Specs.canonicalText(resolved));
    }

    /** The name of the group of resources that may have to change together with this one, or null. */
    @Nullable
    String group() {
        List<String> fields = kind.info().together();
        if (fields.isEmpty() || bound == null) {
            return null;
        }
        SpecModel model = SpecModel.of(kind.info().spec());
        S spec = bound.spec();
        List<Object> values = fields.stream()
                .map(name -> model.field(name).orElseThrow().read(spec))
                .toList();
        return values.stream().anyMatch(Objects::isNull) ? null : kind.info().name() + " " + region + " " + values;
    }

    /** The action when the resource is no longer desired: the document's, otherwise the default of the kind. */
    Lifecycle.OnDelete onDelete() {
        Lifecycle.OnDelete said = desired == null ? null : desired.lifecycle().onDelete();
        return said != null ? said : kind.info().stateful() ? Lifecycle.OnDelete.Retain : Lifecycle.OnDelete.Delete;
    }

    /** Whether the ownership is not stored on the object itself. */
    boolean isOwnedElsewhere() {
        return switch (kind.info().ownership()) {
            case PARENT, RECORD -> true;
            case TAG, MARKER -> false;
        };
    }
}
