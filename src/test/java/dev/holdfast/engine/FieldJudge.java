package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Differ;
import java.util.List;
import java.util.function.BiConsumer;

/** Reports errors in the engine's reaction to the change of one field. */
final class FieldJudge {
    private final FieldFixture fixture;
    private final World world;
    private final Stranger stranger;
    private final BiConsumer<FieldCase, String> wrong;

    FieldJudge(FieldFixture fixture, World world, Stranger stranger, BiConsumer<FieldCase, String> wrong) {
        this.fixture = fixture;
        this.world = world;
        this.stranger = stranger;
        this.wrong = wrong;
    }

    ResourceId id(FieldCase one) {
        return ResourceId.parse(one.resource(fixture.kind.info().name()));
    }

    /** Whether the replaced object is deleted: objects with data and the last versions stay. */
    private boolean goes() {
        return !fixture.kind.info().versioned() && !fixture.kind.info().stateful();
    }

    private boolean tells(FieldCase one, FieldChange change) {
        return one.tells(change.path(), fixture.kind.info().spec());
    }

    void drifted(FieldCase one, Step step) {
        for (FieldChange change : step.changes()) {
            if (!tells(one, change)) {
                wrong.accept(one, "a path of another field: " + change);
            } else if (change.cause() != FieldChange.Cause.Drift) {
                wrong.accept(one, "was changed by a stranger, but the cause is " + change);
            } else if (change.effect() != FieldChange.Effect.Update) {
                wrong.accept(one, "can be repaired, but " + change);
            }
        }
    }

    void repaired(FieldCase one, Known<?> before, Known<?> after) {
        List<DriftItem> items = world.view().drift().stream()
                .filter(i -> i.resource().equals(id(one)))
                .toList();
        if (items.size() != 1 || items.getFirst().state() != DriftItem.DriftState.Repaired) {
            wrong.accept(one, "the drift report says " + items);
        } else if (items.getFirst().fields().isEmpty()
                || !items.getFirst().fields().stream().allMatch(f -> tells(one, f))) {
            wrong.accept(
                    one,
                    "the drift report names other fields: " + items.getFirst().fields());
        }
        if (one.inside() == null && (after == null || !before.spec().equals(after.spec()))) {
            wrong.accept(
                    one,
                    "was\n      " + before.spec() + "\n      and after the repair is\n      "
                            + (after == null ? null : after.spec()));
        }
    }

    void secret(FieldCase one, JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        String said = world.view().toString() + world.events + world.store.text();
        if (said.contains(text)) {
            wrong.accept(one, "the value is shown");
        }
    }

    private static Action expected(FieldCase one) {
        if (one.neverCompared() || (one.band() && one.inside() != null)) {
            return Action.NoOp;
        }
        return one.immutable() ? Action.Replace : Action.Update;
    }

    void step(FieldCase one, Step step) {
        Action expected = expected(one);
        Action action = step == null ? Action.NoOp : step.action();
        if (action != expected) {
            wrong.accept(one, "changed in desired, expected " + expected + " but the step is " + step);
            return;
        }
        if (step == null) {
            return;
        }
        for (FieldChange change : step.changes()) {
            if (!tells(one, change)) {
                wrong.accept(one, "changed in desired, the step has another field: " + change);
            } else if (one.hidden() && !Differ.MASKED.equals(change.desired())) {
                wrong.accept(one, "changed in desired, the value is shown");
            }
        }
    }

    void changed(FieldCase one, ManagedResource<?> target, Known<?> before, Known<?> now, List<String> details) {
        if (!Stranger.diff(target, now).isEmpty() && expected(one) != Action.NoOp) {
            wrong.accept(
                    one, "is Synced, but differs: " + Stranger.diff(target, now).changes());
        }
        boolean same = before.identity().physicalId().equals(now.identity().physicalId());
        List<String> detailsNow = stranger.details(id(one));
        switch (expected(one)) {
            case NoOp -> {
                if (!same || !details.equals(detailsNow)) {
                    wrong.accept(one, "was to be left alone: " + details + " is now " + detailsNow);
                }
            }
            case Update -> {
                if (!same) {
                    wrong.accept(one, "was replaced, not updated");
                } else if (!details.isEmpty() && details.equals(detailsNow)) {
                    wrong.accept(one, "the change took no effect on " + details);
                }
            }
            case Replace -> {
                if (same) {
                    wrong.accept(one, "was not replaced");
                } else if (stranger.alive(id(one)) > 1 && goes()) {
                    wrong.accept(one, "what was replaced is still there: " + detailsNow);
                }
            }
            case Create, Delete, Adopt, Forget -> throw new IllegalStateException("nobody expects that");
        }
        if (one.hidden()) {
            secret(one, one.to());
        }
    }
}
