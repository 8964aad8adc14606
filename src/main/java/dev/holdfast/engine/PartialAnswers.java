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
 * Tells a value that somebody removed from one that AWS left out of an answer. Used by one thread.
 *
 * <p>An answer without a member is the same in both cases, and AWS's models do not say which members are always in an answer. So
 * one answer is never enough to write upon: a value that was in sync once and that a read does not show makes the resource unknown
 * until another read, begun later, does not show it either. The engine looks at what is unknown after two seconds, and reads the
 * slow facets that lacked something anew. So a real removal is repaired that much later, unless a change event names a call that explains it, and a
 * converged pass costs no request more. A value that is
 * empty, zero or false is judged alike: that is what kinds make of a member that is not there.
 *
 * <p>However many reads show it, two sorts of values are not believed to be gone, because nobody can remove them: a text, a number
 * or a truth value that AWS requires of each such object, and a truth value of the resource itself. Any other value is: an alarm
 * without a description is one from which somebody removed it.
 *
 * <p>Every assessment is judged, not only that of a resource that was just read: what a value has to be may become known later than
 * the answer that lacks it.
 */
final class PartialAnswers {
    /**
     * What was lacking when it was noted.
     *
     * @param begun the place of the read among the reads and writes of the session
     */
    private record Lack(Set<String> paths, long begun) {}

    private final ObservationStage observation;
    private final StepsInFlight steps;
    private final Function<ResourceId, @Nullable ChangeAuthor> authors;
    private final Map<ResourceId, Lack> lacks = new HashMap<>();
    private final Set<ResourceId> open = new HashSet<>();

    /** @param authors of changes that no read has shown as undone; null: nobody is known */
    PartialAnswers(
            ObservationStage observation, StepsInFlight steps, Function<ResourceId, @Nullable ChangeAuthor> authors) {
        this.observation = observation;
        this.steps = steps;
        this.authors = authors;
    }

    /** Whether the last read of a resource counts for nothing, by what it shows: then the resource is unknown from now on. */
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
                .lacked(one, components(Objects.requireNonNull(lacks.get(id)).paths()));
        return true;
    }

    /**
     * Judges what a read showed.
     *
     * @param begun the place of that read among the reads and writes of the session
     * @return null: it is believed
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
            return fault("may lack ", gone, "another read tells whether somebody removed it");
        }
        return fault("lacks ", never, "nobody can remove that, so nothing is written until an answer has it");
    }

    /** Whether a change event tells that somebody has made a call which may change all of that: no second answer is needed. */
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

    /** The resources of which another read tells. */
    Set<ResourceId> open() {
        return Set.copyOf(open);
    }

    private static Fault fault(String verb, Set<String> paths, String consequence) {
        return new Fault(
                Fault.Category.TRANSIENT,
                PartialAnswerException.class.getSimpleName(),
                "AWS's answer " + verb + String.join(", ", paths) + ", which was there before: " + consequence,
                "",
                null);
    }

    private static Set<String> paths(Stream<FieldChange> changes) {
        return changes.map(FieldChange::path).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether a value drifted to one that an answer without the member reads as: nothing, an empty value, zero, false, AWS's
     * word none, or what the normal form fills in. A masked value may be any.
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

    /** A component, and the record that has it. */
    private record SpecMember(Class<?> owner, Field field) {}

    /**
     * @param path as {@link FieldChange#path}
     * @return null: it leads to an element of a collection, or into a policy
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
