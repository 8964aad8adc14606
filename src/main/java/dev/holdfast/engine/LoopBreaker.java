package dev.holdfast.engine;

import dev.holdfast.kind.Specs;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.RepairMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The loop breaker: distinguishes a write without effect from a write whose effect was undone. Pure.
 *
 * <p>A write without effect is a bug: it stops after {@link Guard#NEVER_CONVERGES} attempts in a row. A write that is
 * undone is contested: it is repeated after growing pauses without end, so that nobody can switch healing off by
 * repeating an edit. A write whose answer is unknown, because the process ended, counts as neither: it may not have
 * been sent.
 */
final class LoopBreaker {
    private LoopBreaker() {}

    /** Separates the desired value from the observed one: JSON text contains no tab. */
    private static final char OBSERVED = '\t';

    /** The fingerprint of a missing resource. */
    private static final String GONE = "gone" + OBSERVED;

    /** The prefix of the fingerprint of an object that has to be replaced; the digest of its desired side follows. */
    private static final String REPLACED = "replaced by ";

    /**
     * The differences without their causes. For an object that has to be replaced, the fingerprint is a digest of its
     * whole desired side. Nobody can change an immutable field back, so that a replacement had an effect only if the
     * new object needs no further replacement.
     *
     * @param desired a digest of the desired side of the resource
     */
    static String fingerprint(Diff diff, Supplier<String> desired) {
        if (diff.replaces()) {
            return REPLACED + desired.get() + OBSERVED;
        }
        return diff.changes().stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released && !c.knownAfterApply())
                .map(c -> c.path() + "=" + (c.desired() == null ? "" : Specs.canonicalText(c.desired())) + OBSERVED
                        + (c.observed() == null ? "" : Specs.canonicalText(c.observed())))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** The desired values of a fingerprint, without the observed ones. */
    private static String wanted(String fingerprint) {
        return fingerprint
                .lines()
                .map(line -> line.substring(0, line.indexOf(OBSERVED) + 1))
                .collect(Collectors.joining("\n"));
    }

    private static boolean sameWanted(RepairMemory memory, String fingerprint) {
        return memory.fingerprint() != null && wanted(memory.fingerprint()).equals(wanted(fingerprint));
    }

    /** The difference to compare with the last write: only the part of it that was written, if only a part was. */
    private static String comparable(RepairMemory memory, Diff diff, Supplier<String> desired) {
        String whole = fingerprint(diff, desired);
        if (sameWanted(memory, whole)) {
            return whole;
        }
        return Stream.of(diff.repairs(), diff.withdrawals(false), diff.withdrawals(true))
                .filter(part -> !part.isEmpty())
                .map(part -> fingerprint(diff.only(part), desired))
                .filter(part -> sameWanted(memory, part))
                .findFirst()
                .orElse(whole);
    }

    /** Whether the same desired values were written so recently that AWS still has the event about their failure. */
    static boolean isSentAgain(RepairMemory memory, String fingerprint, Instant now) {
        return memory.writtenAt() != null
                && now.isBefore(memory.writtenAt().plus(EngineConstants.FAILURES_KEPT))
                && sameWanted(memory, fingerprint);
    }

    /** The memory to keep before a write that repairs this difference. */
    static RepairMemory writing(RepairMemory memory, String fingerprint, Instant now) {
        if (memory.effective() && isRecent(memory, now) && sameWanted(memory, fingerprint)) {
            return new RepairMemory(fingerprint, 0, memory.contested() + 1, now, false, false);
        }
        if (memory.effective() || !fingerprint.equals(memory.fingerprint())) {
            return new RepairMemory(fingerprint, 0, 0, now, false, false);
        }
        return new RepairMemory(fingerprint, memory.ineffectiveWithLast(), memory.contested(), now, false, false);
    }

    /**
     * The memory to keep before a create of a missing resource. It counts earlier creates by whether a read showed the
     * object.
     */
    static RepairMemory creating(ResourceRecord record, Instant now) {
        RepairMemory memory = record.recreations();
        boolean seen = record.completed() || (memory.effective() && GONE.equals(memory.fingerprint()));
        if (seen) {
            return new RepairMemory(GONE, 0, isRecent(memory, now) ? memory.contested() + 1 : 0, now, false, false);
        }
        if (record.createdAt() == null) {
            return memory;
        }
        // The state records the time of the first create once AWS has accepted the create.
        int ineffective = memory.fingerprint() == null ? 1 : memory.ineffectiveWithLast();
        return new RepairMemory(GONE, ineffective, memory.contested(), now, false, false);
    }

    private static boolean isRecent(RepairMemory memory, Instant now) {
        return memory.writtenAt() != null
                && Duration.between(memory.writtenAt(), now).compareTo(EngineConstants.CONTESTED_WITHIN) < 0;
    }

    /** The memory after a read that shows the resource: the last create had an effect. */
    static RepairMemory seen(RepairMemory recreations) {
        return recreations.fingerprint() == null || recreations.effective()
                ? recreations
                : new RepairMemory(
                        recreations.fingerprint(), 0, recreations.contested(), recreations.writtenAt(), true, true);
    }

    /** The memory after a fresh read, which may show the effect of the last write. */
    static RepairMemory seen(RepairMemory memory, Diff diff, Supplier<String> desired) {
        if (memory.fingerprint() == null || memory.effective()) {
            return memory;
        }
        boolean unchanged = comparable(memory, diff, desired).equals(memory.fingerprint());
        return unchanged
                ? memory
                : new RepairMemory(memory.fingerprint(), 0, memory.contested(), memory.writtenAt(), true, true);
    }

    /** Whether a read of a resource that was in sync may be older than our own last write. */
    static boolean mayBeOlder(ResourceRecord record, Instant now) {
        return record.completed()
                && record.lastChange() != null
                && record.lastChange().action() != Action.Delete
                && now.isBefore(record.lastChange().at().plus(EngineConstants.WRITE_VISIBLE));
    }

    /** Whether this difference may come from a read that is older than our own last write. */
    static boolean mayBeStale(ResourceRecord record, Diff diff, Instant now) {
        return mayBeOlder(record, now) && !diff.isEmpty() && diff.onlyDrift();
    }

    /**
     * The loop breaker's result for the guard. A write counts as ineffective only once its effect should be visible.
     *
     * @param gone whether the resource was created before and is missing now
     * @param desired a digest of the desired side, as in {@link #fingerprint}
     */
    static ResourceAssessment.RepairHistory judge(
            ResourceRecord record, boolean gone, Diff diff, Supplier<String> desired, Instant now) {
        RepairMemory memory = gone ? record.recreations() : record.repairs();
        String fingerprint = gone ? GONE : comparable(memory, diff, desired);
        if (memory.writtenAt() != null && memory.effective() && sameWanted(memory, fingerprint)) {
            int beyond = memory.contested() - EngineConstants.CONTESTED_FREE;
            if (beyond >= 0) {
                return new ResourceAssessment.RepairHistory(
                        0, true, memory.writtenAt().plus(pause(beyond)));
            }
        } else if (memory.writtenAt() != null && fingerprint.equals(memory.fingerprint())) {
            Instant visible = memory.writtenAt().plus(EngineConstants.WRITE_VISIBLE);
            boolean early = now.isBefore(visible);
            return new ResourceAssessment.RepairHistory(
                    early ? memory.ineffective() : memory.ineffectiveWithLast(), false, early ? visible : null);
        }
        return mayBeStale(record, diff, now)
                ? new ResourceAssessment.RepairHistory(
                        0,
                        false,
                        java.util.Objects.requireNonNull(record.lastChange())
                                .at()
                                .plus(EngineConstants.WRITE_VISIBLE))
                : ResourceAssessment.RepairHistory.NONE;
    }

    /** Whether the resource is as desired, but its last repairs were undone a short while ago. */
    static boolean contestLasts(ResourceRecord record, Instant now) {
        return contestLasts(record.repairs(), now) || contestLasts(record.recreations(), now);
    }

    private static boolean contestLasts(RepairMemory memory, Instant now) {
        return memory.contested() >= EngineConstants.CONTESTED_FREE
                && memory.writtenAt() != null
                && now.isBefore(memory.writtenAt().plus(EngineConstants.CONTESTED_WITHIN));
    }

    private static Duration pause(int beyond) {
        Duration pause = EngineConstants.BUSY.multipliedBy(1L << Math.min(beyond, 10));
        return pause.compareTo(EngineConstants.BACKOFF_MOST) < 0 ? pause : EngineConstants.BACKOFF_MOST;
    }
}
