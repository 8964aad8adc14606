package dev.holdfast.state;

import dev.holdfast.model.DueTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Corrects records of a clock that went back since: grace periods and pauses that begin at a time in the future would
 * not end for as long as the clock went back.
 */
final class RecordTimes {
    private RecordTimes() {}

    /**
     * @return the record with all times moved by the same duration, so that its latest time is now; the same record if
     *     no time is later than now
     */
    static ResourceRecord notAfter(Instant now, ResourceRecord record) {
        Instant latest = times(record).max(Instant::compareTo).orElse(now);
        if (!DueTime.wentBack(latest, now)) {
            return record;
        }
        Duration by = Duration.between(now, latest);
        ResourceRecord.Intent intent = record.intent();
        RolloutMemory rollout = record.rollout();
        ResourceRecord.LastChange change = record.lastChange();
        Map<String, ResourceRecord.Deletion> deletions = new TreeMap<>(record.deletions());
        deletions.replaceAll((id, d) -> new ResourceRecord.Deletion(
                d.before(), d.ineffective(), d.sentAt().minus(by), d.answered()));
        return new ResourceRecord(
                record.id(),
                record.physicalId(),
                record.applied(),
                record.revision(),
                record.createdAt() == null ? null : record.createdAt().minus(by),
                intent == null
                        ? null
                        : new ResourceRecord.Intent(
                                intent.incarnation(), intent.at().minus(by), intent.replaces()),
                record.deposed(),
                record.copies(),
                record.completed(),
                record.onDelete(),
                record.dependsOn(),
                record.owner(),
                record.region(),
                rollout == null
                        ? null
                        : new RolloutMemory(
                                rollout.key(),
                                rollout.at().minus(by),
                                rollout.before(),
                                rollout.failedId(),
                                rollout.failure(),
                                rollout.retried(),
                                rollout.retryDue(),
                                rollout.beforeCounts()),
                moved(record.repairs(), by),
                change == null
                        ? null
                        : new ResourceRecord.LastChange(change.at().minus(by), change.action(), change.revision()),
                moved(record.recreations(), by),
                deletions,
                record.granted());
    }

    private static Stream<Instant> times(ResourceRecord record) {
        Stream<Instant> once = Stream.of(
                        Optional.ofNullable(record.createdAt()),
                        Optional.ofNullable(record.intent()).map(ResourceRecord.Intent::at),
                        Optional.ofNullable(record.rollout()).map(RolloutMemory::at),
                        Optional.ofNullable(record.repairs().writtenAt()),
                        Optional.ofNullable(record.lastChange()).map(ResourceRecord.LastChange::at),
                        Optional.ofNullable(record.recreations().writtenAt()))
                .flatMap(Optional::stream);
        return Stream.concat(once, record.deletions().values().stream().map(ResourceRecord.Deletion::sentAt));
    }

    private static ResourceRecord.RepairMemory moved(ResourceRecord.RepairMemory memory, Duration by) {
        return memory.writtenAt() == null
                ? memory
                : new ResourceRecord.RepairMemory(
                        memory.fingerprint(),
                        memory.ineffective(),
                        memory.contested(),
                        memory.writtenAt().minus(by),
                        memory.answered(),
                        memory.effective());
    }
}
