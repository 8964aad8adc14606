package dev.holdfast.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.Clients;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TestScope;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Drives one resource as the engine does, one step at a time and without a state. */
public final class OneResource<S extends Record> {
    public static final String TOKEN = "11111111-2222-3333-4444-555555555555";

    private final Kind<S> kind;
    private final Clients clients;
    private final ResourceId id;
    private final String physicalName;
    private final StackRef stack;

    public OneResource(Kind<S> kind, Clients clients, String id, String physicalName) {
        this.kind = kind;
        this.clients = clients;
        this.id = ResourceId.parse(id);
        this.physicalName = physicalName;
        this.stack = new StackRef("test", "dev", clients.account(), clients.region());
    }

    /**
     * @param json a spec with single quotes; the ownership tags are added
     * @param patches members that replace those of the spec
     */
    public S desired(String json, String... patches) {
        try {
            ObjectNode node = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
            for (String patch : patches) {
                node.setAll((ObjectNode) new ObjectMapper().readTree(patch.replace('\'', '"')));
            }
            ObjectNode tags = node.withObject("tags");
            stack.ownershipTags(id).forEach(tags::put);
            return Specs.bind(kind.info().spec(), node).spec();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public String create(S spec) {
        return kind.create(new Desired<>(id, spec, stack, clients), TOKEN);
    }

    /** The observations, without attached objects that no kind manages. */
    public List<Observation<S>> observe(@Nullable S spec, @Nullable String recorded, boolean confirming) {
        Wanted<S> wanted = new Wanted<>(id, spec, recorded, physicalName);
        return kind.observe(new TestScope<>(clients, stack, List.of(wanted), true, confirming)).stream()
                .filter(o -> !(o instanceof Observation.Hanging<S>))
                .toList();
    }

    /** The resource that is found without a record: of several, the resource with this resource's id in its tags. */
    public Known<S> known(S spec) {
        List<Known<S>> found =
                observe(spec, null, false).stream().map(o -> (Known<S>) o).toList();
        return found.stream()
                .filter(k -> id.equals(k.identity().resource())
                        || id.toString().equals(k.identity().tags().get(StackRef.RESOURCE_TAG)))
                .findFirst()
                .orElseGet(found::getFirst);
    }

    public Diff diff(S spec) {
        return Differ.diff(new DiffInput<>(
                new Specs.Bound<>(spec, Set.of(), Map.of()),
                known(spec).spec(),
                null,
                Set.of(),
                Map.of(),
                UnaryOperator.identity(),
                false,
                kind.info().versioned()));
    }

    /** Observes, diffs, and sends the differences. */
    public void converge(S spec) {
        if (!diff(spec).isEmpty()) {
            kind.update(change(spec));
        }
    }

    /** The change that an update would make now. */
    public Change<S> change(S spec) {
        Diff diff = diff(spec);
        return new Change<>(
                new Desired<>(id, spec, stack, clients),
                new Observed<>(id, known(spec), stack, clients),
                diff.changed(),
                diff.staleTags(),
                false);
    }

    /** Changes two resources of one group at the same time. */
    public static <S extends Record> void convergeTogether(OneResource<S> one, S a, OneResource<S> other, S b) {
        List<Change<S>> group = List.of(one.change(a), other.change(b));
        group.forEach(change -> one.kind.update(change.in(group)));
    }

    public void delete(S spec) {
        kind.delete(new Observed<>(id, known(spec), stack, clients));
    }

    /** Checks that one pass changes a resource from one spec to another. */
    public void updates(S before, S after) {
        create(before);
        converge(before);
        assertThat(diff(after).changes()).isNotEmpty();

        converge(after);

        assertThat(diff(after).changes()).isEmpty();
    }

    /** Checks that neither a point read nor a plain read finds the resource. */
    public void isGone(S spec, String id) {
        assertThat(observe(spec, id, true)).isEmpty();
        assertThat(observe(spec, id, false)).isEmpty();
    }
}
