package dev.holdfast.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.CallContext;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Fork;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Phase;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A principal with other credentials. A stranger reads the resources of a stack, and changes them as another desired
 * state would, with the kinds' own calls and without the engine.
 */
final class Stranger {
    private final World world;
    private final Clients clients;
    private final StackRef stack;

    private final Map<ResourceId, Long> alive = new HashMap<>();

    Stranger(World world) {
        this.world = world;
        this.clients = world.strangerOverHttp();
        this.stack = new StackRef("inst", world.stack(), World.ACCOUNT, World.REGION);
    }

    /** The resources of a set of documents in this world, with resolved references. */
    Map<ResourceId, ManagedResource<?>> targets(String stackDocument, String documents) {
        Map<String, byte[]> files = Map.of("test/stack.json", bytes(stackDocument), "test/docs.json", bytes(documents));
        return targets(CompiledStack.valid(
                new DesiredCompiler(TestKinds.all()).compile(files).get("test")));
    }

    /** The resources of a revision of this world's stack, with resolved references. */
    Map<ResourceId, ManagedResource<?>> targets(Revision revision) {
        ResourceBinder resolver = new ResourceBinder(
                TestKinds.all(),
                stack,
                revision.settings().tags(),
                id -> {
                    ResourceView view = world.view().resources().get(id);
                    return view == null ? Map.of() : view.outputs();
                },
                image -> null);
        return resolver.bindAll(revision, StackState.load(world.state(), stack.stack(), new Fork(4)));
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The observations of these resources by the kinds' own reads, without remembered values. */
    Map<ResourceId, Known<?>> observe(Map<ResourceId, ManagedResource<?>> targets) {
        Map<ResourceId, Known<?>> found = new HashMap<>();
        calls(() -> {
            SessionContext context = new SessionContext(
                    world.engineContext(),
                    world.desired().settings(),
                    StackState.load(new MemoryStore(), stack.stack(), new Fork(4)),
                    SecretHasher.load(new MemoryStore()),
                    new SessionContext.StackRecorders(
                            new EventLog(stack.stack(), world.clock, event -> {}), new DriftCoverage()));
            Observer observer = new Observer(context, new SlowFacets());
            Map<ResourceId, ResourceReading> seen = new HashMap<>();
            for (Observer.KindRead read : observer.reads(targets.values(), OrphanSearch.SearchExtent.NOTHING)) {
                KindReading reading = observer.read(read, new SharedReads(new Fork(4), null), Map.of());
                seen.putAll(reading.wanted());
                seen.putAll(reading.others());
            }
            alive.clear();
            seen.forEach((id, reading) -> {
                if (!(reading
                        instanceof
                        ResourceReading.FoundObjects(
                                List<Known<?>> ours,
                                List<Known<?>> strangers,
                                boolean whole,
                                List<String> remains))) {
                    throw new AssertionError("unreadable: " + reading);
                }
                alive.put(
                        id,
                        ours.stream().filter(k -> k.phase() != Phase.Deleting).count());
                ManagedResource<?> target = targets.get(id);
                if (target != null) {
                    Known<?> chosen = OwnershipMatcher.choose(ours, target).chosen();
                    if (chosen != null) {
                        found.put(id, chosen);
                    }
                }
            });
        });
        return found;
    }

    /** The number of a resource's objects in the last observation, without those that are being deleted. */
    long alive(ResourceId id) {
        return alive.getOrDefault(id, 0L);
    }

    /** The changes that turn the observed resource into the target; a secret never differs here. */
    @SuppressWarnings("unchecked") // an observation of a target has its kind's type
    static <S extends Record> Diff diff(ManagedResource<S> target, Known<?> known) {
        return Differ.diff(new DiffInput<>(
                java.util.Objects.requireNonNull(target.bound()),
                ((Known<S>) known).spec(),
                null,
                Set.of(),
                Map.of(),
                UnaryOperator.identity(),
                true,
                target.kind().info().versioned()));
    }

    /** @param component the component that is written, whether a difference is visible or not */
    @SuppressWarnings("unchecked")
    <S extends Record> void change(ManagedResource<S> target, Known<?> known, String component) {
        Diff diff = diff(target, known);
        Set<String> changed = new HashSet<>(diff.changed());
        changed.add(component);
        calls(() -> target.kind()
                .update(new Change<>(
                        new Desired<>(
                                target.id(),
                                java.util.Objects.requireNonNull(target.bound()).spec(),
                                stack,
                                clients.in(target.region())),
                        new Observed<>(target.id(), (Known<S>) known, stack, clients.in(target.region())),
                        changed,
                        Set.of(),
                        diff.paths(),
                        false,
                        List.of())));
    }

    /**
     * Removes one tag.
     *
     * @return the observation that follows
     */
    @SuppressWarnings("unchecked")
    <S extends Record> Known<?> untag(ManagedResource<S> target, Known<?> known, String tag) {
        ObjectNode spec = java.util.Objects.requireNonNull(target.resolved()).deepCopy();
        String field = SpecModel.of(target.kind().info().spec())
                .with(TagMap.class)
                .orElseThrow()
                .name();
        ((ObjectNode) spec.get(field)).remove(tag);
        calls(() -> target.kind()
                .update(new Change<>(
                        new Desired<>(
                                target.id(),
                                Specs.bind(target.kind().info().spec(), spec).spec(),
                                stack,
                                clients.in(target.region())),
                        new Observed<>(target.id(), (Known<S>) known, stack, clients.in(target.region())),
                        Set.of(field),
                        Set.of(tag),
                        Set.of(),
                        false,
                        List.of())));
        ObjectNode rest = (ObjectNode) Specs.json(known.spec());
        ((ObjectNode) rest.get(field)).remove(tag);
        Map<String, String> tags = new HashMap<>(known.identity().tags());
        tags.remove(tag);
        Known<S> seen = ((Known<S>) known).spec(Specs.read(target.kind().info().spec(), rest));
        return new Known<>(
                seen.identity().tagged(tags),
                seen.spec(),
                seen.outputs(),
                seen.phase(),
                seen.health(),
                seen.rollout(),
                seen.createdAt(),
                seen.delegation(),
                seen.outlook(),
                seen.facts());
    }

    /** Makes the kind's next call to delete the resource. */
    @SuppressWarnings("unchecked")
    <S extends Record> void delete(ManagedResource<S> target, Known<?> known) {
        calls(() -> target.kind()
                .delete(new Observed<>(target.id(), (Known<S>) known, stack, clients.in(target.region()))));
    }

    private static void calls(Runnable task) {
        new CallContext(() -> true).run(task);
    }

    List<String> details(ResourceId id) {
        return world.owned().getOrDefault(id.toString(), List.of()).stream()
                .map(item -> item.id() + item.tags() + item.detail())
                .sorted()
                .toList();
    }
}
