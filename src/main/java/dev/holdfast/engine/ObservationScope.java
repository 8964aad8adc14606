package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.PartialAnswerException;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The scope of one observation of one kind in one region.
 *
 * @param afresh whether slow facets are read even if they are known
 */
record ObservationScope<S extends Record>(
        SessionContext context,
        KindInfo<S> info,
        String region,
        List<Wanted<S>> wanted,
        boolean sweep,
        boolean confirming,
        boolean afresh,
        SlowFacets slowFacets,
        ReadsOfAll shared)
        implements Scope<S> {

    /**
     * The reads that the kinds of one observation share.
     *
     * @param tags returns the tags of a resource type by ARN, from the tagging API
     */
    record ReadsOfAll(Function<String, Map<String, Map<String, String>>> tags, SharedReads lists) {}

    @Override
    public Clients clients() {
        return context.clients().in(region);
    }

    @Override
    public StackRef stack() {
        return context.stack();
    }

    @Override
    public Map<String, Map<String, String>> tagged(String resourceType) {
        return shared.tags().apply(resourceType);
    }

    @Override
    public <T> T shared(String what, Supplier<T> read) {
        return shared.lists().read(region + "|" + what, read);
    }

    @Override
    public <T> T slow(String physicalId, String facet, Supplier<T> read) {
        // A name is unique within a kind and a region only.
        String own = facet + "." + info.name() + "." + region;
        return afresh ? read.get() : slowFacets.read(physicalId, own, context.now(), read);
    }

    @Override
    public Map<String, String> tags(
            String resourceType,
            String arn,
            String physicalId,
            @Nullable Map<String, String> desired,
            Supplier<Map<String, String>> read) {
        Map<String, String> indexed = indexed(resourceType, arn, desired);
        String tagging = TaggingApiIndex.region(context, new Observer.KindRegion(info.name(), region));
        slowFacets.indexed(
                physicalId,
                "tags." + arn,
                indexed == null ? null : slowFacets.tags().slowReadAt(tagging, resourceType));
        return indexed != null ? indexed : Scope.super.tags(resourceType, arn, physicalId, desired, read);
    }

    @Override
    public <T, R> @Nullable R inTurn(
            String what, Collection<T> items, Function<T, String> id, Function<List<T>, R> read) {
        return confirming
                ? null
                : slowFacets.inTurn(
                        new SlowFacets.Turn<>(what + "." + info.name() + "." + region, items, id), context.now(), read);
    }

    @Override
    public <T> T forever(String physicalId, @Nullable Object version, Supplier<T> read) {
        return slowFacets.once(physicalId, version, context.now(), read);
    }

    @Override
    public <T> T daily(String what, Supplier<T> read) {
        return slowFacets.daily(what + " in " + region, context.now(), read, context.events());
    }

    @Override
    public <T> List<Observation<S>> each(Collection<T> items, Function<T, Identity> identify, Builder<T, S> build) {
        return context.engine().fork().all(items, item -> one(item, identify.apply(item), build)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private <T> Optional<Observation<S>> one(T item, Identity identity, Builder<T, S> build) {
        try {
            return Optional.ofNullable(build.build(item, identity));
        } catch (RuntimeException e) {
            // An exception of a kind for one item makes that item unknown and stops nothing else.
            Fault fault = Faults.classify(e, info.faultRules());
            if (!(e instanceof SdkException) || e instanceof PartialAnswerException) {
                // The cause may be in a cached answer, which would otherwise never be read again.
                slowFacets.distrust(identity.physicalId(), facet -> true);
            }
            return Optional.of(new Observation.Unknown<>(
                    resource(identity),
                    identity.physicalId(),
                    e instanceof SdkException
                            ? fault
                            : fault.saying(" while " + info.name() + " " + identity.physicalId() + " was read")));
        }
    }

    private @Nullable ResourceId resource(Identity identity) {
        return identity.resource() != null
                ? identity.resource()
                : OwnershipMatcher.taggedAs(identity, stack(), info.name());
    }

    @Override
    public <T, R> List<R> parallel(Collection<T> items, Function<T, R> read) {
        return context.engine().fork().all(items, read);
    }
}
