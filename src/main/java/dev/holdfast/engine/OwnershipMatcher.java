package dev.holdfast.engine;

import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.ResourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pairs desired resources with the objects that were found, by ownership. Pure. */
final class OwnershipMatcher {
    private static final String CLOUDFORMATION = "aws:cloudformation:";

    private OwnershipMatcher() {}

    /** Which resource of this stack the tags say it is, or null if it is not ours. */
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

    /** @param others physical ids of further ones of the same name: left over from replacements, oldest first */
    record Match(@Nullable Known<?> chosen, List<Known<?>> others) {}

    /**
     * Chooses which of several physical resources that all carry one name is the one.
     *
     * @param name the physical name that is desired, or null
     */
    static Match choose(List<Known<?>> ours, @Nullable ResourceRecord record, @Nullable String name) {
        List<Known<?>> alive =
                ours.stream().filter(k -> k.phase() != Phase.Deleting).toList();
        if (alive.isEmpty()) {
            return new Match(ours.isEmpty() ? null : ours.getFirst(), List.of());
        }
        String replaced = record == null || record.intent() == null
                ? null
                : record.intent().replaces();
        List<Known<?>> candidates = alive.stream()
                .filter(k -> !id(k).equals(replaced)
                        && (record == null || !record.deposed().contains(id(k))))
                .toList();
        if (candidates.isEmpty()) {
            candidates = alive;
        }
        Known<?> chosen = candidates.stream()
                .max(Comparator.comparing((Known<?> k) -> record != null && id(k).equals(record.physicalId()))
                        .thenComparing(
                                k -> name != null && name.equals(k.identity().name()))
                        .thenComparing(k -> k.createdAt() == null ? Instant.EPOCH : k.createdAt())
                        .thenComparing(OwnershipMatcher::id))
                .orElseThrow();
        List<Known<?>> others = new ArrayList<>(alive);
        others.remove(chosen);
        others.sort(Comparator.comparing((Known<?> k) -> k.createdAt() == null ? Instant.EPOCH : k.createdAt())
                .thenComparing(OwnershipMatcher::id));
        return new Match(chosen, others);
    }

    private static String id(Known<?> known) {
        return known.identity().physicalId();
    }

    /** The object that is not ours and has the desired name or id, or null. */
    static @Nullable Known<?> holder(List<Known<?>> strangers, @Nullable String name, @Nullable String physicalId) {
        for (Known<?> stranger : strangers) {
            if ((name != null && name.equals(stranger.identity().name())) || Objects.equals(physicalId, id(stranger))) {
                return stranger;
            }
        }
        return null;
    }

    /** Whether a document may adopt an object: one without an owner, or one that CloudFormation gives up. */
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
