package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PartialAnswerException;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.Fault;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Differ;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes a value that was removed from a value that AWS left out of an answer. Used by one thread.
 *
 * <p>An answer without a member looks the same in both cases, and AWS's models do not say which members are always
 * present. Therefore no write relies on one answer. If a read lacks a value that was in sync before, the resource is
 * unknown until another read, begun later, lacks the value too. The engine reads an unknown resource again after two
 * seconds, together with the slow facets that lacked a value. A real removal is repaired with this delay, unless a
 * change event names a call that explains it. A converged pass needs no additional request. A value that is empty, zero
 * or false is treated in the same way, because kinds produce these values from an absent member.
 *
 * <p>For two sorts of values, no number of reads proves a removal, because nobody can remove them: a text, number or
 * truth value that AWS requires of each such object, and a truth value of the resource itself. Any other value can be
 * removed: an alarm without a description is an alarm whose description was removed.
 *
 * <p>Every assessment is judged, not only after a read of the resource, because a desired value may become known later
 * than the answer that lacks it.
 */
final class PartialAnswers {
    /**
     * The missing values of one read.
     *
     * @param begun the place of the read among the reads and writes of the session
     */
    private record Lack(Set<String> paths, long begun) {}

    private final ObservationStage observation;
    private final StepsInFlight steps;
    private final Function<ResourceId, @Nullable ChangeAuthor> authors;
    private final Map<ResourceId, Lack> lacks = new HashMap<>();
    private final Set<ResourceId> open = new HashSet<>();

    /** @param authors returns the author of a change that no read has shown as undone, or null */
    PartialAnswers(
            ObservationStage observation, StepsInFlight steps, Function<ResourceId, @Nullable ChangeAuthor> authors) {
        this.observation = observation;
        this.steps = steps;
        this.authors = authors;
    }

    /** Whether the last read of a resource is ignored because of missing values. The resource is then unknown. */
    boolean isFailedRead(ResourceAssessment one, Instant now) {
        ResourceId id = one.id();
        LastObserved read = observation.store().get(id);
        Fault fault = read == null || steps.isWriting(id) ? null : judge(one, read.begun());
        if (read == null || fault == null) {
            return false;
        }
        String physicalId = one.history().physicalId();
        Presence unclear = new Presence.Unclear(Reason.ReadFailed, fault);
        observation.store().put(id, unclear, physicalId, now, read.begun(), read.begunAt());
        observation
                .invalidation()
                .answerLacked(
                        one, components(Objects.requireNonNull(lacks.get(id)).paths()));
        return true;
    }

    /**
     * Judges the result of a read.
     *
     * @param begun the place of that read among the reads and writes of the session
     * @return null if the result is accepted
     */
    private @Nullable Fault judge(ResourceAssessment one, long begun) {
        ResourceId id = one.id();
        if (one.presence() instanceof Presence.Unclear) {
            return null;
        }
        open.remove(id);
        Class<?> spec = one.info().spec();
        List<FieldChange> lacking =
                one.presence() instanceof Presence.Present && one.history().completed()
                        ? one.whole().changes().stream()
                                .filter(change -> standsForNone(spec, change))
                                .toList()
                        : List.of();
        if (lacking.isEmpty()) {
            lacks.remove(id);
            return null;
        }
        Set<String> gone = paths(lacking.stream());
        Set<String> never = paths(lacking.stream()
                .filter(change ->
                        change.observed() == null && !one.info().versioned() && isAlwaysThere(spec, change.path())));
        if (never.isEmpty() && isWitnessed(id, gone)) {
            lacks.remove(id);
            return null;
        }
        Lack noted = lacks.get(id);
        if (never.isEmpty()
                && noted != null
                && noted.begun() < begun
                && noted.paths().containsAll(gone)) {
            return null;
        }
        if (noted == null || !noted.paths().containsAll(gone)) {
            lacks.put(id, new Lack(gone, begun));
        }
        if (never.isEmpty()) {
            open.add(id);
            return fault("may lack ", gone, "another read shows whether they were removed");
        }
        return fault(
                "lacks ", never, "nobody can remove such values, so nothing is written until an answer contains them");
    }

    /**
     * Whether a change event names a call that may have removed all these values, so that no second answer is needed.
     */
    private boolean isWitnessed(ResourceId id, Set<String> paths) {
        ChangeAuthor author = authors.apply(id);
        return author != null
                && observation
                        .changedBy(id, author.event())
                        .map(changed -> changed.containsAll(components(paths)))
                        .orElse(true);
    }

    private static Set<String> components(Set<String> paths) {
        return paths.stream().map(path -> path.split("/", 3)[1]).collect(Collectors.toUnmodifiableSet());
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Set<ResourceId> managed) {
        lacks.keySet().retainAll(managed);
        open.retainAll(managed);
    }

    /** The resources whose missing values another read has to confirm. */
    Set<ResourceId> open() {
        return Set.copyOf(open);
    }

    private static Fault fault(String verb, Set<String> paths, String consequence) {
        return new Fault(
                Fault.Category.TRANSIENT,
                PartialAnswerException.class.getSimpleName(),
                "AWS's answer " + verb + String.join(", ", paths) + ", which an earlier answer contained: "
                        + consequence,
                "",
                null);
    }

    private static Set<String> paths(Stream<FieldChange> changes) {
        return changes.map(FieldChange::path).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether a value drifted to a value that an absent member also produces: no value, an empty value, zero, false,
     * AWS's text "none", or the default of the normal form. A masked value may be any of them.
     */
    private static boolean standsForNone(Class<?> spec, FieldChange change) {
        JsonNode observed = change.observed();
        if (!change.isDrift() || change.desired() == null) {
            return false;
        }
        if (observed == null || observed.equals(Differ.MASKED) || isEmpty(observed)) {
            return true;
        }
        SpecMember member = member(spec, change.path());
        if (member == null) {
            return false;
        }
        SpecModel owner = SpecModel.of(member.owner());
        Object filledIn =
                member.field().read(owner.make(new Object[owner.fields().size()]));
        return filledIn != null && Specs.json(filledIn).equals(observed);
    }

    private static boolean isEmpty(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.asText().isEmpty() || value.asText().equalsIgnoreCase("none");
            case NUMBER -> value.asDouble() == 0;
            case BOOLEAN -> !value.asBoolean();
            case ARRAY, OBJECT -> value.isEmpty();
            case NULL, MISSING -> true;
            case BINARY, POJO -> false;
        };
    }

    private static boolean isAlwaysThere(Class<?> spec, String path) {
        SpecMember member = member(spec, path);
        if (member == null || !holdsOneValue(member.field().raw())) {
            return false;
        }
        Field field = member.field();
        boolean ofTheResource = member.owner() == spec;
        return field.has(Required.class)
                || (ofTheResource && field.raw() == Boolean.class && !field.has(Immutable.class));
    }

    /** A component and the record that declares it. */
    private record SpecMember(Class<?> owner, Field field) {}

    /**
     * @param path as {@link FieldChange#path}
     * @return null if the path leads to an element of a collection or into a policy
     */
    private static @Nullable SpecMember member(Class<?> spec, String path) {
        Class<?> type = spec;
        SpecMember member = null;
        for (String name : path.substring(1).split("/", -1)) {
            if (member != null
                    && (member.field().isCollection() || member.field().isMap())) {
                type = member.field().element();
                member = null;
                continue;
            }
            Field field = type.isRecord() ? SpecModel.of(type).field(name).orElse(null) : null;
            if (field == null) {
                return null;
            }
            member = new SpecMember(type, field);
            type = field.raw();
        }
        return member;
    }

    private static boolean holdsOneValue(Class<?> type) {
        return type == Boolean.class || type == String.class || type.isEnum() || Number.class.isAssignableFrom(type);
    }
}
