package dev.holdfast.engine;

import dev.holdfast.kind.Specs;
import dev.holdfast.model.FieldChange;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.Subject;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.RepairMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/**
 * The loop breaker: tells a write that took no effect from one that took effect and was changed back. Pure.
 *
 * <p>The first is a bug, and stops after {@link Guard#NEVER_CONVERGES} in a row. The second is a contest, and is repaired
 * on, ever more slowly: nobody can switch healing off by repeating an edit.
 */
final class Repairs {
    private Repairs() {}

    /** What differs and how, apart from when and why. */
    static String fingerprint(Diff diff) {
        return diff.changes().stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released && !c.knownAfterApply())
                .map(c -> c.path() + "=" + (c.desired() == null ? "" : Specs.canonicalText(c.desired())) + "<"
                        + (c.observed() == null ? "" : Specs.canonicalText(c.observed())))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** Before a write that repairs this difference. */
    static RepairMemory writing(RepairMemory memory, String fingerprint, Instant now) {
        if (!fingerprint.equals(memory.fingerprint())) {
            return new RepairMemory(fingerprint, 0, 0, now, false);
        }
        boolean recent = memory.writtenAt() != null
                && Duration.between(memory.writtenAt(), now).compareTo(Tunings.CONTESTED_WITHIN) < 0;
        if (memory.effective()) {
            return new RepairMemory(fingerprint, 0, recent ? memory.contested() + 1 : 0, now, false);
        }
        return new RepairMemory(fingerprint, memory.ineffective() + 1, memory.contested(), now, false);
    }

    /** After a fresh read: does it show the last write's effect? */
    static RepairMemory seen(RepairMemory memory, Diff diff) {
        if (memory.fingerprint() == null || memory.effective()) {
            return memory;
        }
        boolean unchanged = fingerprint(diff).equals(memory.fingerprint());
        return unchanged
                ? memory
                : new RepairMemory(memory.fingerprint(), 0, memory.contested(), memory.writtenAt(), true);
    }

    /** The loop breaker's word for the guard. A write that may not show yet is waited for before it counts for nothing. */
    static Subject.Repairs judge(RepairMemory memory, Diff diff, Instant now) {
        if (memory.fingerprint() == null
                || memory.writtenAt() == null
                || !fingerprint(diff).equals(memory.fingerprint())) {
            return Subject.Repairs.NONE;
        }
        if (memory.effective()) {
            int beyond = memory.contested() - Tunings.CONTESTED_FREE;
            Instant notBefore = beyond < 0
                    ? null
                    : memory.writtenAt()
                            .plusMillis(Math.min(
                                    Tunings.BUSY.toMillis() << Math.min(beyond, 10), Tunings.BACKOFF_MOST.toMillis()));
            return new Subject.Repairs(0, memory.contested(), notBefore);
        }
        Instant visible = memory.writtenAt().plus(Tunings.WRITE_VISIBLE);
        return new Subject.Repairs(
                now.isBefore(visible) ? memory.ineffective() : memory.ineffective() + 1,
                memory.contested(),
                now.isBefore(visible) ? visible : null);
    }

    static ResourceRecord reset(ResourceRecord record) {
        return record.repairs(RepairMemory.NONE);
    }
}
