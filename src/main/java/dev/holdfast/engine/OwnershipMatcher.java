package dev.holdfast.engine;

import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import dev.holdfast.state.ResourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Pairs desired resources with the objects that were found, by ownership. Pure. */
final class OwnershipMatcher {
    private static final String CLOUDFORMATION = "aws:cloudformation:";

    private static final Comparator<Known<?>> OLDEST_FIRST = Comparator.comparing(
                    (Known<?> k) -> k.createdAt() == null ? Instant.EPOCH : k.createdAt())
            .thenComparing(OwnershipMatcher::id);

    private OwnershipMatcher() {}

    /** The resource of this stack that the tags name, or null if the object is not ours. */
    static @Nullable ResourceId taggedAs(Identity identity, StackRef stack, String kind) {
        String name = identity.tags().get(StackRef.RESOURCE_TAG);
        if (name == null || !stack.owner().equals(identity.tags().get(StackRef.STACK_TAG))) {
            return null;
        }
        int slash = name.indexOf('/');
        return slash > 0
                        && slash < name.length() - 1
                        && name.substring(0, slash).equals(kind)
                ? ResourceId.parse(name)
                : null;
    }

    static @Nullable ResourceId owner(Known<?> known, StackRef stack, String kind) {
        return known.identity().resource() != null
                ? known.identity().resource()
                : taggedAs(known.identity(), stack, kind);
    }

    /** Whether the ownership of the object names another resource of this stack. */
    static boolean isOfAnother(Known<?> known, StackRef stack, ResourceId id) {
        ResourceId owner = owner(known, stack, id.kind());
        return owner != null && !owner.equals(id);
    }

    /**
     * Whether our tags were removed from the object, so that it is no longer ours. Tags that we have just written may
     * not be visible yet. If such an object lost its record, it would be deleted later although its lifecycle keeps it.
     */
    static boolean isLetGo(Known<?> known, ManagedResource<?> resource, Instant now) {
        ResourceRecord record = resource.record();
        ResourceRecord.LastChange last = record == null ? null : record.lastChange();
        return isUntagged(known, resource)
                && (last == null || last.at().plus(EngineConstants.CREATE_GRACE).isBefore(now));
    }

    static boolean isUntagged(Known<?> known, ManagedResource<?> resource) {
        return resource.kind().info().ownership() == OwnershipForm.TAG
                && !known.identity().tags().containsKey(StackRef.STACK_TAG);
    }

    /**
     * @param chosen the object that is the resource; null if none of them is
     * @param replaced physical ids of the objects that a recorded replacement left over, oldest first
     * @param copies physical ids of the other objects that carry the ownership, oldest first
     */
    record Match(@Nullable Known<?> chosen, List<String> replaced, List<String> copies) {
        /** @param whole whether all existing copies were found */
        ResourceRecord noted(ResourceRecord record, boolean whole) {
            ResourceRecord next = record;
            Set<String> deposed = new LinkedHashSet<>(next.deposed());
            deposed.addAll(replaced);
            Set<String> others = new LinkedHashSet<>(whole ? Set.of() : next.copies());
            others.addAll(copies);
            if (chosen != null) {
                String id = chosen.identity().physicalId();
                next = next.found(id);
                deposed.remove(id);
                others.remove(id);
            }
            return next.beside(List.copyOf(deposed), List.copyOf(others));
        }
    }

    /**
     * Chooses the resource among several objects that all carry its ownership. Only the record identifies the objects
     * that a replacement of ours left over, because a person who copies an object copies its tags too.
     */
    static Match choose(List<Known<?>> ours, ManagedResource<?> resource) {
        ResourceRecord record = resource.record();
        List<Known<?>> alive = ours.stream()
                .filter(k -> k.phase() != Phase.Deleting)
                .sorted(OLDEST_FIRST)
                .toList();
        if (alive.isEmpty()) {
            return new Match(ours.isEmpty() ? null : ours.getFirst(), List.of(), List.of());
        }
        Set<String> leftOver = leftOver(record);
        List<Known<?>> candidates =
                alive.stream().filter(k -> !leftOver.contains(id(k))).toList();
        Known<?> chosen = mostLikely(candidates, resource);
        if (chosen == null) {
            chosen = mostLikely(
                    alive.stream().filter(k -> leftOver.contains(id(k))).toList(), resource);
        }
        List<String> replaced = new ArrayList<>();
        List<String> copies = new ArrayList<>();
        for (Known<?> other : alive) {
            if (leftOver.contains(id(other)) && other != chosen) {
                replaced.add(id(other));
            } else if (other != chosen && !isFormerVersion(other, chosen, resource)) {
                copies.add(id(other));
            }
        }
        return new Match(chosen, List.copyOf(replaced), List.copyOf(copies));
    }

    private static Set<String> leftOver(@Nullable ResourceRecord record) {
        Set<String> all = new HashSet<>();
        if (record != null) {
            all.addAll(record.deposed());
            if (record.intent() != null && record.intent().replaces() != null) {
                all.add(record.intent().replaces());
            }
        }
        return all;
    }

    private static @Nullable Known<?> mostLikely(List<Known<?>> candidates, ManagedResource<?> resource) {
        ResourceRecord record = resource.record();
        Comparator<Known<?>> likely = Comparator.comparing(
                        (Known<?> k) -> record != null && id(k).equals(record.physicalId()))
                .thenComparing(k -> resource.physicalName() != null
                        && resource.physicalName().equals(k.identity().name()))
                .thenComparing(
                        k -> candidates.size() > 1 && !difference(resource, k).replaces())
                .thenComparing(k -> candidates.size() > 1 && asDesired(resource, k))
                // A copy is younger than its original, but of a versioned object the newest version is in use.
                .thenComparing(
                        resource.kind().info().versioned() ? OLDEST_FIRST : Collections.reverseOrder(OLDEST_FIRST));
        return candidates.stream().filter(k -> mayBe(k, resource)).max(likely).orElse(null);
    }

    /** An object that no record names is the resource only if no other object can be. */
    private static boolean mayBe(Known<?> known, ManagedResource<?> resource) {
        ResourceRecord record = resource.record();
        if (record == null
                || record.physicalId() == null
                || id(known).equals(record.physicalId())
                || leftOver(record).contains(id(known))) {
            return true;
        }
        boolean unanswered = record.intent() != null && !record.answered(record.intent());
        String name = known.identity().name();
        boolean named = name == null
                || resource.physicalName() == null
                || resource.physicalName().equals(name);
        return named && (unanswered || resource.desired() != null);
    }

    /** Older versions of the same name stay when a newer version is registered, and they are not copies. */
    private static boolean isFormerVersion(Known<?> other, @Nullable Known<?> chosen, ManagedResource<?> resource) {
        ResourceRecord record = resource.record();
        return resource.kind().info().versioned()
                && resource.desired() != null
                && chosen != null
                && Objects.equals(other.identity().name(), chosen.identity().name())
                && OLDEST_FIRST.compare(other, chosen) < 0
                && (record == null || !record.copies().contains(id(other)));
    }

    /**
     * Whether several objects may be the resource, and only a reference that is not resolved yet can decide. A wrong
     * choice would be recorded and then replaced, which would create a further object in addition to the right one.
     */
    static boolean isUndecided(List<Known<?>> ours, ManagedResource<?> resource) {
        ResourceRecord record = resource.record();
        Specs.Bound<?> bound = resource.bound();
        if (bound == null
                || (record != null && record.physicalId() != null)
                || resource.kind().info().versioned()) {
            return false;
        }
        SpecModel model = SpecModel.of(resource.kind().info().spec());
        Set<String> leftOver = leftOver(record);
        return bound.unresolved().stream()
                        .flatMap(name -> model.field(name).stream())
                        .anyMatch(field -> field.has(Immutable.class))
                && ours.stream()
                                .filter(k -> k.phase() != Phase.Deleting && !leftOver.contains(id(k)))
                                .limit(2)
                                .count()
                        > 1;
    }

    /** Whether the object is as desired, so that no write is needed. */
    static boolean asDesired(ManagedResource<?> resource, Known<?> known) {
        return resource.bound() != null && difference(resource, known).isEmpty();
    }

    private static <S extends Record> Diff difference(ManagedResource<S> resource, Known<?> known) {
        Specs.Bound<S> bound = resource.bound();
        return bound == null
                ? Diff.NONE
                : Differ.diff(new DiffInput<>(
                        bound,
                        resource.kind().info().spec().cast(known.spec()),
                        null,
                        Set.of(),
                        Map.of(),
                        UnaryOperator.identity(),
                        false,
                        resource.kind().info().versioned()));
    }

    private static String id(Known<?> known) {
        return known.identity().physicalId();
    }

    /** The object of another owner that has the desired name or id, or null. */
    static @Nullable Known<?> holder(List<Known<?>> strangers, @Nullable String name, @Nullable String physicalId) {
        for (Known<?> stranger : strangers) {
            if ((name != null && name.equals(stranger.identity().name())) || Objects.equals(physicalId, id(stranger))) {
                return stranger;
            }
        }
        return null;
    }

    /** Whether a document may adopt an object: an object without an owner, or one that CloudFormation gives up. */
    static boolean adoptable(Known<?> stranger, Lifecycle lifecycle) {
        return lifecycle.adopt() == Lifecycle.Adopt.IfUnowned
                && !stranger.identity().tags().containsKey(StackRef.STACK_TAG)
                && (lifecycle.handover() || !byCloudFormation(stranger));
    }

    private static boolean byCloudFormation(Known<?> known) {
        return known.identity().tags().keySet().stream().anyMatch(k -> k.startsWith(CLOUDFORMATION));
    }

    /** The owner of the object, in words. */
    static String describe(Known<?> stranger) {
        String owner = stranger.identity().tags().get(StackRef.STACK_TAG);
        String resource = stranger.identity().tags().get(StackRef.RESOURCE_TAG);
        if (owner != null) {
            return id(stranger) + " belongs to " + owner + (resource == null ? "" : " as " + resource);
        }
        return id(stranger)
                + (byCloudFormation(stranger)
                        ? " belongs to a CloudFormation stack"
                        : " carries no ownership tags of ours");
    }
}
