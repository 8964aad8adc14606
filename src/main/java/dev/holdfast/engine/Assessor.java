package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.Faults;
import dev.holdfast.kind.Band;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.YieldsTo;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Fault;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.ApprovedWork;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import dev.holdfast.plan.Owners;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ReplacementOrder;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.RolloutMemory;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the desired, observed and recorded sides of each resource: differences, references, history. Pure. */
final class Assessor {
    private final Map<ResourceId, ManagedResource<?>> managed;
    private final ObservationStore observed;
    private final AssessmentCache cache;
    private final ResourceReferences references;
    private final ObservedReferences inAws;
    private final Set<ResourceId> retryRequested;
    private final UnaryOperator<String> hasher;
    private final boolean showEnvironment;
    private final Instant now;

    /**
     * @param cache of the desired revision
     * @param retryRequested resources for which a user requested another attempt
     */
    Assessor(
            SessionContext context,
            AssessmentCache cache,
            Map<ResourceId, ManagedResource<?>> managed,
            ObservationStore observed,
            Set<ResourceId> retryRequested) {
        this.managed = managed;
        this.observed = observed;
        this.cache = cache;
        this.references = cache.references();
        this.inAws = new ObservedReferences(managed, observed::presence);
        this.retryRequested = retryRequested;
        this.hasher = context.hasher();
        this.showEnvironment = context.settings().showEnvironment();
        this.now = context.now();
    }

    Map<ResourceId, ResourceAssessment> all() {
        Map<ResourceId, ResourceAssessment> all = new TreeMap<>();
        managed.forEach((id, resource) -> all.put(id, assess(resource)));
        return all;
    }

    /** An exception from the code of a kind makes that resource unknown and stops nothing else. */
    ResourceAssessment assess(ManagedResource<?> target) {
        try {
            return assessed(target);
        } catch (RuntimeException e) {
            return unknown(target, new Presence.Unclear(Reason.UnexpectedException, Faults.classify(e, List.of())));
        }
    }

    /**
     * The dependencies of the unknown resource stay known, so that none of them is deleted, and so does its desired spec,
     * so that another resource keeps an element that this one is to take over.
     */
    private ResourceAssessment unknown(ManagedResource<?> target, Presence.Unclear presence) {
        ResourceRecord record = target.record();
        ResourceAssessment.ResourceHistory history = record == null
                ? ResourceAssessment.ResourceHistory.NONE
                : history(target, null, false, presence, Diff.NONE);
        ResourceReferences.Edges edges = references.of(target);
        Map<String, Set<ResourceId>> needed = new TreeMap<>(edges.attachers());
        needed.put("", edges.deferred());
        return new ResourceAssessment(
                target.id(),
                target.kind().info(),
                target.desired(),
                target.bound() == null ? null : target.bound().spec(),
                target.bound() == null ? Set.of() : target.bound().unresolved(),
                edges.references(),
                Map.of(),
                Set.of(),
                needed,
                presence,
                Diff.NONE,
                Diff.NONE,
                components -> List.of(),
                history,
                ReplacementOrder.CreateFirst,
                null,
                Owners.OURS,
                ApprovedWork.NONE);
    }

    private <S extends Record> ResourceAssessment assessed(ManagedResource<S> target) {
        Fault unbound = target.unbound();
        if (unbound != null) {
            return unknown(target, new Presence.Unclear(Reason.UnexpectedException, unbound));
        }
        Fault unresolved = target.images().fault();
        Presence presence = unresolved == null
                ? observed.presence(target.id())
                : new Presence.Unclear(Reason.ImageNotResolved, unresolved);
        ResourceReferences.Edges edges = references.of(target);
        Diff whole = diff(target, presence);
        String key = rolloutKey(target);
        ResourceAssessment.ResourceHistory history =
                history(target, key, retryRequested.contains(target.id()), presence, whole);
        if (target.desired() == null && presence instanceof Presence.Present p) {
            history = history.referringTo(inAws.of(target.id(), p.known()));
        }
        if (history.rolloutFailed() != null) {
            whole = whole.pending(rollsOut(target));
        }
        Diff open = history.rolloutFailed() != null && !history.again() ? withoutRollout(target, whole) : whole;
        Set<String> notKnown =
                target.bound() == null ? Set.of() : target.bound().unresolved();
        return new ResourceAssessment(
                target.id(),
                target.kind().info(),
                target.desired(),
                target.bound() == null ? null : target.bound().spec(),
                notKnown,
                edges.references(),
                references.newUses(target, presence, observed::outputs),
                edges.deferred(),
                edges.attachers(),
                presence,
                open,
                whole,
                following(target, presence),
                history,
                ReplacementRules.order(target, presence),
                key,
                Owners.OURS,
                approved(target, presence));
    }

    /** Counts no outlook right after a write, because a read may not show the work that was just requested. */
    private <S extends Record> ApprovedWork approved(ManagedResource<S> target, Presence presence) {
        Known<?> known = switch (presence) {
            case Presence.Present p -> p.known();
            case Presence.NameTaken t -> t.known();
            case Presence.Missing m -> null;
            case Presence.Deleting d -> null;
            case Presence.Unclear u -> null;
        };
        if (known == null || target.desired() == null || target.bound() == null) {
            return ApprovedWork.NONE;
        }
        S observed = target.kind().info().spec().cast(known.spec());
        ResourceRecord record = target.record();
        boolean settled = known.phase() == Phase.Steady && (record == null || !LoopBreaker.mayBeOlder(record, now));
        return ApprovedWork.of(
                target.kind().approvals(target.bound().spec(), observed),
                target.kind().info().hastens(),
                settled ? known.outlook() : Outlook.NONE);
    }

    private <S extends Record> Diff diff(ManagedResource<S> target, Presence presence) {
        DesiredResource desired = target.desired();
        if (desired == null || target.bound() == null) {
            return Diff.NONE;
        }
        return switch (presence) {
            case Presence.Present p -> diff(target, target.bound(), desired, p.known());
            case Presence.NameTaken t -> diff(target, target.bound(), desired, t.known());
            case Presence.Missing a -> Diff.NONE;
            case Presence.Deleting g -> Diff.NONE;
            case Presence.Unclear u -> Diff.NONE;
        };
    }

    private <S extends Record> Diff diff(
            ManagedResource<S> target, Specs.Bound<S> bound, DesiredResource desired, Known<?> known) {
        ResourceRecord record = target.record();
        Set<String> ignored = ignored(target, desired, known);
        Map<String, DiffInput.Bounds> bounds =
                bounds(target, target.kind().info().spec());
        AssessmentCache.Compared compared = new AssessmentCache.Compared(
                bound,
                known.spec(),
                record == null ? null : record.applied(),
                record == null ? null : record.granted(),
                ignored,
                bounds);
        Diff diff = cache.diff(
                target.id(),
                compared,
                () -> withoutYielded(
                        target,
                        target.withdrawals(known)
                                .marked(Differ.diff(input(target, bound, known, ignored, bounds)), bound)));
        return known.phase() == Phase.Creating ? diff.without(Assessor::isToCome) : diff;
    }

    /** AWS fills in some fields late (a cache's port with its endpoint); these must not cause a replacement. */
    private static boolean isToCome(FieldChange change) {
        return change.forcesReplacement() && change.observed() == null;
    }

    private <S extends Record> Function<Set<String>, List<FieldChange>> following(
            ManagedResource<S> target, Presence presence) {
        Specs.Bound<S> bound = target.bound();
        DesiredResource desired = target.desired();
        return bound != null && desired != null && presence instanceof Presence.Present p
                ? components -> Differ.following(
                        input(
                                target,
                                bound,
                                p.known(),
                                ignored(target, desired, p.known()),
                                bounds(target, target.kind().info().spec())),
                        components)
                : components -> List.of();
    }

    private <S extends Record> DiffInput<S> input(
            ManagedResource<S> target,
            Specs.Bound<S> bound,
            Known<?> known,
            Set<String> ignored,
            Map<String, DiffInput.Bounds> bounds) {
        return new DiffInput<>(
                bound,
                target.kind().info().spec().cast(known.spec()),
                target.applied(),
                target.granted(),
                ignored,
                bounds,
                hasher,
                showEnvironment,
                target.kind().info().versioned());
    }

    /** Removes fields that another resource of the stack controls, unless their desired value has changed. */
    private Diff withoutYielded(ManagedResource<?> target, Diff diff) {
        Set<String> yielded = new HashSet<>();
        for (Field field : SpecModel.of(target.kind().info().spec()).fields()) {
            if (yields(target, field)) {
                yielded.add(field.name());
            }
        }
        return yielded.isEmpty()
                ? diff
                : diff.without(c -> yielded.contains(c.component()) && c.cause() != FieldChange.Cause.PendingChange);
    }

    /**
     * The fields that are not compared: also the name of an object that was adopted by its id or taken over from a former
     * id, if the document sets none.
     */
    private static Set<String> ignored(ManagedResource<?> target, DesiredResource desired, Known<?> known) {
        Set<String> ignored = new HashSet<>(desired.lifecycle().ignore());
        if (!target.nameFixed()
                && (desired.formerId() != null || known.identity().physicalId().equals(desired.adoptedId()))) {
            SpecModel.of(target.kind().info().spec())
                    .with(PhysicalName.class)
                    .ifPresent(name -> ignored.add("/" + name.name()));
        }
        return ignored;
    }

    private Map<String, DiffInput.Bounds> bounds(ManagedResource<?> target, Class<?> type) {
        Map<String, DiffInput.Bounds> bounds = new HashMap<>();
        for (Field field : SpecModel.of(type).fields()) {
            Band band = field.get(Band.class);
            if (band == null || !(observed.presence(target.id()) instanceof Presence.Present p)) {
                continue;
            }
            Object name = p.known().outputs().get(band.output());
            for (ResourceId attacher : references.attachers(band.kind(), target.id())) {
                ManagedResource<?> bounding = managed.get(attacher);
                ObjectNode spec = bounding == null ? null : bounding.resolved();
                if (bounding == null
                        || spec == null
                        || name == null
                        || !name.equals(spec.path(band.target()).asText())) {
                    continue;
                }
                JsonNode min = inForce(bounding, band.min(), spec);
                JsonNode max = inForce(bounding, band.max(), spec);
                if (min.isNumber() && max.isNumber()) {
                    bounds.put(field.name(), new DiffInput.Bounds(min.asLong(), max.asLong()));
                }
            }
        }
        return bounds;
    }

    /** The desired value, or the observed one if another resource may change it, such as a schedule. */
    private JsonNode inForce(ManagedResource<?> bounding, String component, ObjectNode spec) {
        Field field =
                SpecModel.of(bounding.kind().info().spec()).field(component).orElseThrow();
        return yields(bounding, field) && observed.presence(bounding.id()) instanceof Presence.Present there
                ? Specs.json(field.read(there.known().spec()))
                : spec.path(component);
    }

    /** Whether another resource of the stack controls the field. */
    private boolean yields(ManagedResource<?> target, Field field) {
        YieldsTo to = field.get(YieldsTo.class);
        return to != null && !references.attachers(to.value(), target.id()).isEmpty();
    }

    /** The values of the fields that start a rollout, as one text; null if there are none or one is unresolved. */
    private static <S extends Record> @Nullable String rolloutKey(ManagedResource<S> target) {
        if (target.bound() == null) {
            return null;
        }
        StringBuilder key = new StringBuilder();
        for (Field field : SpecModel.of(target.kind().info().spec()).fields()) {
            if (field.has(RollsOut.class)) {
                if (target.bound().unresolved().contains(field.name())) {
                    return null;
                }
                key.append(field.name())
                        .append('=')
                        .append(Specs.canonicalText(
                                Specs.json(field.read(target.bound().spec()))))
                        .append('\n');
            }
        }
        return key.isEmpty() ? null : key.toString();
    }

    private ResourceAssessment.ResourceHistory history(
            ManagedResource<?> target, @Nullable String rolloutKey, boolean retry, Presence presence, Diff whole) {
        ResourceRecord record = target.record();
        if (record == null) {
            return retry
                    ? ResourceAssessment.ResourceHistory.NONE.tryingAgain()
                    : ResourceAssessment.ResourceHistory.NONE;
        }
        RolloutMemory rollout = record.rollout();
        String failed =
                rollout != null && rollout.failedId() != null && rollout.key().equals(rolloutKey) ? rolloutKey : null;
        boolean again = failed != null && (retry || (rollout != null && rollout.retryDue()));
        boolean gone = (record.completed() || record.createdAt() != null) && presence instanceof Presence.Missing;
        return new ResourceAssessment.ResourceHistory(
                record.completed(),
                record.physicalId(),
                record.onDelete(),
                record.dependsOn(),
                record.deposed(),
                record.copies(),
                failed,
                DeletionLoopBreaker.stuck(record),
                again,
                LoopBreaker.judge(record, gone, whole, () -> target.desiredDigest(hasher), now),
                record.region());
    }

    /** All differences but those that start a rollout. */
    static Diff withoutRollout(ManagedResource<?> target, Diff whole) {
        Set<String> held = rollsOut(target);
        return whole.without(c -> held.contains(c.component()));
    }

    /** The components whose change starts a rollout. */
    private static Set<String> rollsOut(ManagedResource<?> target) {
        return SpecModel.of(target.kind().info().spec()).fields().stream()
                .filter(f -> f.has(RollsOut.class))
                .map(Field::name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
