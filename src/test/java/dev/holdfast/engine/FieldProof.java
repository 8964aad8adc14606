package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tests all cases of one kind. An unchanged case costs no write. A change by another principal is found by its path and
 * repaired; a change within the tolerance is left alone. A change in the desired state causes the right step. No write
 * follows any of them.
 */
final class FieldProof implements AutoCloseable {
    private static final String STACK_FORM = """
            {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'test'},
             'spec':{'account':'%s','region':'%s',%s'tags':{'Project':'Test'},'include':['docs.json'],
                     'limits':{'maxDeletes':1000,'maxReplaces':1000,'maxUpdates':1000,'maxRollouts':1000}}}
            """;
    /** After this time every slow facet is due: the next pass reads all of them. */
    private static final Duration ALL_DUE = Duration.ofMinutes(11);

    private final FieldFixture fixture;
    private final String kind;
    private final String stack;
    final World world = new World();
    private final Invariants invariants = Invariants.watch(world);
    private final Stranger stranger = new Stranger(world);
    final FieldJudge judge;
    final Set<FieldCase> open;
    private final Map<FieldCase, String> wrong = new HashMap<>();
    private final Set<String> ofAll = new LinkedHashSet<>();

    FieldProof(FieldFixture fixture) {
        this(fixture, "");
    }

    /** @param more more members of the stack's spec, each followed by a comma */
    FieldProof(FieldFixture fixture, String more) {
        this.stack = STACK_FORM.formatted(World.ACCOUNT, World.REGION, more);
        this.fixture = fixture;
        this.kind = fixture.kind.info().name();
        this.judge = new FieldJudge(fixture, world, stranger, this::wrong);
        this.open = new LinkedHashSet<>(fixture.cases);
        // A hundred distributions that change for minutes would cost hundreds of reads, and prove nothing more about
        // their fields.
        world.settings.delay(Delay.DISTRIBUTION, Duration.ofSeconds(5)).raiseQuotas(10);
    }

    /**
     * @param byCase the error of each case that failed
     * @param ofAll the errors that belong to no single case
     */
    record Result(Map<FieldCase, String> byCase, Set<String> ofAll) {}

    Result run() {
        Map<FieldCase, JsonNode> base = Map.of();
        converge("as it is first desired", base);
        quiet("after it was created");
        behind();
        inside();
        desired();
        ofAll.addAll(invariants.broken());
        return new Result(wrong, ofAll);
    }

    /** Each field is set to the empty text, and back. */
    Result emptied() {
        converge("as it is first desired", Map.of());
        Map<FieldCase, JsonNode> empty = new LinkedHashMap<>();
        open.forEach(one -> empty.put(one, TextNode.valueOf("")));
        converge("with an empty text", empty);
        quiet("with an empty text");
        converge("with its first text again", Map.of());
        quiet("with its first text again");
        ofAll.addAll(invariants.broken());
        return new Result(wrong, ofAll);
    }

    /** Records the first error of a case; a failed case is not tested further. */
    void wrong(FieldCase one, String what) {
        if (open.remove(one)) {
            wrong.put(one, what);
        }
    }

    ResourceId id(FieldCase one) {
        return judge.id(one);
    }

    private String documents(Map<FieldCase, JsonNode> values) {
        Map<FieldCase, UnaryOperator<ObjectNode>> changes = new HashMap<>();
        values.forEach((one, value) -> changes.put(one, FieldFixture.changed(one, value)));
        return fixture.documents(changes);
    }

    Map<ResourceId, ManagedResource<?>> targets(Map<FieldCase, JsonNode> values) {
        return stranger.targets(stack, documents(values));
    }

    private void desire(Map<FieldCase, JsonNode> values) {
        world.file("test/stack.json", stack).file("test/docs.json", documents(values));
    }

    /** Approves every step that waits for an approval, until all resources are settled. */
    void converge(String when, Map<FieldCase, JsonNode> values) {
        desire(values);
        for (int i = 0; i < 12 && !settled(); i++) {
            world.approveHeld();
            world.converge(Duration.ofMinutes(i < 2 ? 4 : 20));
        }
        if (!world.view().revisionErrors().isEmpty()) {
            throw new AssertionError(kind + ".json is not valid:\n" + world.describe());
        }
        for (ResourceView view : world.view().resources().values()) {
            FieldCase one = caseOf(view.id());
            if (view.status() != Status.Synced) {
                String said = when + " it is " + view.status() + " " + view.reason() + " " + view.message() + " "
                        + view.drift().stream().map(FieldChange::path).toList() + lastWords(view.id());
                if (one != null) {
                    wrong(one, said);
                } else {
                    ofAll.add(view.id() + ": " + said);
                }
            }
        }
        if (world.view().resources().isEmpty()) {
            throw new AssertionError(world.describe());
        }
    }

    private boolean settled() {
        return world.view().converged()
                && Objects.equals(world.view().revision(), lastRevision())
                && world.view().verdicts().isEmpty();
    }

    private String lastRevision() {
        world.pass();
        return String.valueOf(world.view().revision());
    }

    private String lastWords(ResourceId id) {
        List<String> words = world.events.stream()
                .filter(e -> id.equals(e.resource()))
                .map(e -> "\n      " + e)
                .toList();
        return String.join("", words.subList(Math.max(0, words.size() - 4), words.size()));
    }

    private FieldCase caseOf(ResourceId id) {
        return fixture.cases.stream().filter(c -> id(c).equals(id)).findFirst().orElse(null);
    }

    private void quiet(String when) {
        world.clock.advance(ALL_DUE);
        PassReport pass = world.pass();
        if (pass.writes() > 0) {
            ofAll.add(when + " a pass writes: "
                    + pass.requests().keySet().stream()
                            .filter(o -> !o.matches(".*:(Describe|Get|List|Head).*"))
                            .toList());
        }
    }

    private Map<ResourceId, Step> planned() {
        world.clock.advance(ALL_DUE);
        world.reconciler().requestFull();
        world.reconciler().plan();
        Map<ResourceId, Step> steps = new HashMap<>();
        for (Step step : Objects.requireNonNull(world.view().plan()).steps()) {
            if (step.action() != Action.NoOp) {
                steps.put(step.resource(), step);
            }
        }
        return steps;
    }

    /** The value to which a stranger changes each field that can be repaired. */
    Map<FieldCase, JsonNode> strangersValues() {
        Map<FieldCase, JsonNode> values = new LinkedHashMap<>();
        for (FieldCase one : List.copyOf(open)) {
            JsonNode value = one.tolerant() && one.inside() != null ? one.outside() : one.to();
            if (!one.immutable() && !one.neverCompared() && value != null) {
                values.put(one, value);
            }
        }
        return values;
    }

    private void behind() {
        Map<FieldCase, JsonNode> values = strangersValues();
        Map<ResourceId, Known<?>> before = meddle(values);
        Map<ResourceId, Step> steps = planned();
        for (FieldCase one : List.copyOf(open)) {
            Step step = steps.get(id(one));
            if (!values.containsKey(one) || one.hidden()) {
                if (step != null) {
                    wrong(one, "nobody touched what can be seen, but there is a step: " + step);
                }
            } else if (step == null || step.action() != Action.Update) {
                wrong(one, "changed behind our back, the step is " + step);
            } else {
                judge.drifted(one, step);
            }
        }
        for (FieldCase one : List.copyOf(open)) {
            if (values.containsKey(one) && (one.hidden() || one.environment())) {
                judge.secret(one, values.get(one));
            }
        }
        converge("after it was changed behind our back", Map.of());
        Map<ResourceId, ManagedResource<?>> targets = targets(Map.of());
        Map<ResourceId, Known<?>> after = stranger.observe(targets);
        for (FieldCase one : List.copyOf(open)) {
            if (values.containsKey(one) && !one.hidden()) {
                judge.repaired(one, before.get(id(one)), after.get(id(one)));
            }
        }
        quiet("after it was changed behind our back and repaired");
    }

    /** @return the observations before the change */
    Map<ResourceId, Known<?>> meddle(Map<FieldCase, JsonNode> values) {
        Map<ResourceId, Known<?>> before = stranger.observe(targets(Map.of()));
        Map<ResourceId, ManagedResource<?>> others = targets(values);
        for (FieldCase one : List.copyOf(open)) {
            if (!values.containsKey(one)) {
                continue;
            }
            Known<?> known = before.get(id(one));
            ManagedResource<?> other = Objects.requireNonNull(others.get(id(one)));
            if (known == null) {
                wrong(one, "a stranger cannot see it");
                continue;
            }
            if (!one.hidden() && Stranger.diff(other, known).isEmpty()) {
                wrong(one, "the other value is no other one than " + known.spec());
                continue;
            }
            List<String> details = stranger.details(id(one));
            try {
                stranger.change(other, known, one.component());
            } catch (SdkException e) {
                wrong(one, "cannot be changed behind our back: " + e.getMessage());
                continue;
            }
            if (!details.isEmpty() && details.equals(stranger.details(id(one)))) {
                wrong(one, "the stranger's change took no effect on " + details);
            }
        }
        return before;
    }

    private void inside() {
        Map<FieldCase, JsonNode> values = new LinkedHashMap<>();
        open.stream().filter(c -> c.inside() != null).forEach(c -> values.put(c, c.inside()));
        if (values.isEmpty()) {
            return;
        }
        meddle(values);
        Map<ResourceId, Step> steps = planned();
        for (FieldCase one : List.copyOf(values.keySet())) {
            if (steps.containsKey(id(one))) {
                wrong(one, "changed within what is tolerated, there is a step: " + steps.get(id(one)));
            }
        }
        quiet("after it was changed within what is tolerated");
    }

    private void desired() {
        Map<FieldCase, JsonNode> values = new LinkedHashMap<>();
        open.forEach(c -> values.put(c, c.to()));
        Map<ResourceId, Known<?>> before = stranger.observe(targets(Map.of()));
        Map<ResourceId, List<String>> details = new HashMap<>();
        open.forEach(c -> details.put(id(c), stranger.details(id(c))));
        desire(values);
        Map<ResourceId, Step> steps = planned();
        for (FieldCase one : List.copyOf(open)) {
            judge.step(one, steps.get(id(one)));
        }
        converge("after it was changed in desired", values);
        quiet("after it was changed in desired and converged");
        Map<ResourceId, ManagedResource<?>> targets = targets(values);
        Map<ResourceId, Known<?>> after = stranger.observe(targets);
        for (FieldCase one : List.copyOf(open)) {
            Known<?> now = after.get(id(one));
            if (now == null) {
                wrong(one, "is gone after it was changed in desired");
            } else {
                judge.changed(
                        one,
                        Objects.requireNonNull(targets.get(id(one))),
                        before.get(id(one)),
                        now,
                        details.get(id(one)));
            }
        }
    }

    @Override
    public void close() {
        world.close();
    }
}
