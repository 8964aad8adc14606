package dev.holdfast.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TestScope;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinItem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/**
 * Drives one resource of a kind against a twin as the engine does, without engine, wire or state, and notes each call.
 */
public final class KindHarness<S extends Record> extends TwinClients {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final ResourceId id;

    /** As long as the engine's own tokens, for services that require this length. */
    private static final String TOKEN = "00000000-0000-4000-8000-000000000000";

    private final Kind<S> kind;
    private final Map<Class<? extends SdkClient>, SdkClient> wire;
    private final String nameField;
    private @Nullable Desired<S> desired;
    private @Nullable String physicalId;
    private Set<String> staleTags = Set.of();
    private boolean tagged = true;

    /** Whether the tagging API's index knows the existing resources. */
    public boolean indexed;

    /** The tags, by ARN, that the index reports in place of the tags of the resource. */
    public Map<String, Map<String, String>> frozenTags = Map.of();

    /** Uses a twin of its own, without a wire. */
    public KindHarness(Kind<S> kind, String nameField) {
        this(kind, nameField, null, Map.of());
    }

    /** Uses the given twin, through clients that have a wire. */
    public KindHarness(
            Kind<S> kind,
            String nameField,
            @Nullable TwinAccount twin,
            Map<Class<? extends SdkClient>, SdkClient> wire) {
        super(twin);
        this.wire = wire;
        this.kind = kind;
        this.nameField = nameField;
        this.id = new ResourceId(kind.info().name(), "it");
    }

    /** For kinds that have no tags. */
    public KindHarness<S> untagged() {
        tagged = false;
        return this;
    }

    /** A spec from JSON with ' for ", under a generated name, with the ownership tags. */
    public S spec(String json, String... patches) {
        try {
            ObjectNode node = JSON.createObjectNode();
            node.put(nameField, "dev-it-0a1b2c3d");
            if (tagged) {
                node.putObject("tags");
            }
            JSON.readerForUpdating(node).readValue(json.replace('\'', '"'));
            for (String patch : patches) {
                node.setAll((ObjectNode) JSON.readTree(patch.replace('\'', '"')));
            }
            if (tagged) {
                ObjectNode tags = node.withObject("/tags");
                stack.ownershipTags(id).forEach(tags::put);
            }
            return Specs.read(kind.info().spec(), node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    public KindHarness<S> desire(String json, String... patches) {
        desired = new Desired<>(id, spec(json, patches), stack, this);
        return this;
    }

    public KindHarness<S> staleTags(String... keys) {
        staleTags = Set.of(keys);
        return this;
    }

    /**
     * Checks that a former tag of the stack is removed, and that other tags stay.
     *
     * @param spec a spec whose only tag is a=b
     */
    public void takesOffTagsThatWereOurs(String spec) {
        desire(spec, "{'tags':{'a':'b','c':'d'}}").converge();

        desire(spec).staleTags("c").converge();

        assertThat(known().identity().tags()).containsEntry("a", "b").doesNotContainKey("c");
    }

    /** Checks that these writes create the resource, and that a second pass writes nothing. */
    public void isCreatedByAndThenLeftAlone(String spec, String... writes) {
        desire(spec).converge();
        assertThat(writes()).containsExactly(writes);
        calls.clear();

        converge();

        assertThat(writes()).isEmpty();
    }

    /** Checks that these writes, in this order, apply the patch to a resource that matches the spec. */
    public void takesCalls(String spec, String patch, String... writes) {
        desire(spec).converge();
        calls.clear();

        desire(spec, patch).converge();

        assertThat(writes()).containsExactly(writes);
    }

    /** Checks that these calls observe a resource that matches the spec, with or without the tagging API. */
    public void isReadBy(String spec, boolean withIndex, String... reads) {
        desire(spec).converge();
        indexed = withIndex;
        calls.clear();

        known();

        assertThat(calls).containsExactlyInAnyOrder(reads);
    }

    /**
     * Checks that a stranger's resource with the same name is observed with its tags, and as no resource of the stack.
     */
    public void seesTheStranger(String spec, Map<String, String> tags) {
        Known<S> stranger = desire(spec).known();

        assertThat(stranger.identity().name()).isEqualTo(name(desired().spec()));
        assertThat(stranger.identity().tags()).isEqualTo(tags);
        assertThat(stranger.identity().resource()).isNull();
    }

    /** Checks that the patch replaces a resource that matches the spec. */
    public void cannotChange(String spec, String patch) {
        desire(spec).converge();

        assertThat(desire(spec, patch).diff().replaces()).isTrue();
    }

    /** Checks that a resource that appears late is found, with the same result by each way of reading. */
    public void isFoundLateAndWithoutStateAndByPointReads(String spec) {
        settings.delay(Delay.VISIBLE, Duration.ofSeconds(5));
        desire(spec).create().forgetPhysicalId();
        assertThat(known()).isNull();
        assertThat(confirmed()).isNull();

        clock.advance(Duration.ofSeconds(5));
        converge();

        assertThat(confirmed()).isEqualTo(known()).isNotNull();
    }

    public KindHarness<S> forgetPhysicalId() {
        physicalId = null;
        return this;
    }

    private Desired<S> desired() {
        assertThat(desired).as("desire() comes first").isNotNull();
        return desired;
    }

    public KindHarness<S> create() {
        physicalId = kind.create(desired(), TOKEN);
        return this;
    }

    /** Creates and updates the resource, and checks that nothing differs afterwards. */
    public KindHarness<S> converge() {
        if (known() == null) {
            create();
        }
        Diff diff = diff();
        if (!diff.isEmpty() || !staleTags.isEmpty()) {
            update(diff);
        }
        assertThat(diff().changes()).as("differs after one update").isEmpty();
        staleTags = Set.of();
        return this;
    }

    private void update(Diff diff) {
        kind.update(new Change<>(desired(), observed(), diff.changed(), staleTags, false));
    }

    public Diff diff() {
        Known<S> known = known();
        assertThat(known).as("observed").isNotNull();
        return Differ.diff(new DiffInput<>(
                new Specs.Bound<>(desired().spec(), Set.of(), Map.of()),
                known.spec(),
                null,
                Set.of(),
                Map.of(),
                s -> s,
                true,
                kind.info().versioned()));
    }

    public Observed<S> observed() {
        Known<S> known = known();
        assertThat(known).as("observed").isNotNull();
        return new Observed<>(id, known, stack, this);
    }

    /** The resource as a plain pass observes it. */
    public @Nullable Known<S> known() {
        return only(observe(false, false));
    }

    public @Nullable Known<S> confirmed() {
        return only(observe(false, true));
    }

    private @Nullable Known<S> only(List<Observation<S>> all) {
        assertThat(all).hasSizeLessThan(2);
        return all.isEmpty() ? null : (Known<S>) all.getFirst();
    }

    public List<Observation<S>> observe(boolean sweep, boolean confirming) {
        Wanted<S> wanted =
                new Wanted<>(id, desired().spec(), physicalId, name(desired().spec()));
        return kind.observe(scope(List.of(wanted), sweep, confirming));
    }

    private @Nullable String name(S spec) {
        return (String)
                SpecModel.of(spec.getClass()).field(nameField).orElseThrow().read(spec);
    }

    /** All resources of the stack, observed while none is wanted. */
    public List<Observation<S>> sweep() {
        return kind.observe(scope(List.of(), true, false));
    }

    /** Deletes the resource pass by pass. @return the number of passes */
    public int delete() {
        int looks = 0;
        for (Known<S> known = known(); known != null; known = known()) {
            kind.delete(new Observed<>(id, known, stack, this));
            assertThat(++looks).isLessThan(20);
        }
        return looks;
    }

    public List<String> writes() {
        return calls.stream().filter(c -> !c.matches("(describe|list|get).*")).toList();
    }

    private Scope<S> scope(List<Wanted<S>> wanted, boolean sweep, boolean confirming) {
        return new TestScope<>(this, stack, wanted, sweep, confirming, this::index);
    }

    /** The answer of the tagging API: empty, or the twin's resources if {@link #indexed} is set. */
    private Map<String, Map<String, String>> index(String resourceType) {
        Map<String, Map<String, String>> found = new HashMap<>();
        if (indexed) {
            twin.inventory().stream()
                    .filter(item -> item.type().equals(resourceType))
                    .filter(item -> stack.owner().equals(item.tags().get(StackRef.STACK_TAG)))
                    .forEach(item -> found.put(item.arn(), frozenTags.getOrDefault(item.arn(), item.tags())));
        }
        return found;
    }

    public List<TwinItem> inventory() {
        return twin.inventory();
    }

    @Override
    protected SdkClient target(Class<? extends SdkClient> type) {
        SdkClient overHttp = wire.get(type);
        return overHttp != null ? overHttp : super.target(type);
    }
}
